// Walks through the dashboard as people do and prints what it found as JSON.
// node walk.mjs BASE AXE PAGE...
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const [base, axeFile, ...pages] = process.argv.slice(2);
const axe = readFileSync(axeFile, "utf-8");
const looks = [
  ["light", 1440, "light"], ["dark", 1440, "dark"],
  ["phone", 390, "light"], ["dark-phone", 390, "dark"],
];
const FILTERS = ["period", "segment", "source", "campaign", "owner", "team", "standard", "by"];
const START = "/funnel/funnel?period=2026-10";
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--disable-gpu"],
});
const found = { complaints: [], looks: [], keyboard: {}, fold: {}, filters: [], roles: {}, script: [] };

async function visitor() {
  const page = await (await browser.createBrowserContext()).newPage();
  page.on("console", (x) => ["error", "warn"].includes(x.type()) && found.complaints.push(x.text()));
  page.on("pageerror", (x) => found.complaints.push(String(x)));
  return page;
}

async function signIn(page, name, password) {
  await page.goto(base + "/leads");
  await page.focus("input[name=name]");
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await enter(page);
  return new URL(page.url()).pathname;
}

async function enter(page) {
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

async function look(page, address) {
  await page.goto(base + address, { waitUntil: "load" });
  await page.evaluate(axe);
  for (const [name, width, scheme] of looks) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport({ width, height: 900 });
    const seen = await page.evaluate(async () => {
      const told = await globalThis.axe.run(document, { iframes: false });
      const wide = document.documentElement.scrollWidth - window.innerWidth;
      const brief = told.violations.map((x) => `${x.impact} ${x.id} ${x.nodes[0].html}`.slice(0, 300));
      const paper = getComputedStyle(document.body).backgroundColor;
      return { violations: brief, passes: told.passes.length, wide, paper };
    });
    found.looks.push({ address, look: name, ...seen });
  }
}

async function tabTo(page, wanted, most = 120) {
  for (let n = 0; n < most; n++) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const x = document.activeElement;
      const ring = getComputedStyle(x);
      return {
        tag: x.tagName, name: x.getAttribute("name") || "", text: x.textContent.trim(),
        href: x.getAttribute("href") || "", visible: ring.outlineStyle !== "none",
      };
    });
    if (wanted(seen)) return seen;
  }
  return null;
}

async function firstNumbers(page) {
  return page.$$eval("section table", ([table]) =>
    [...table.querySelectorAll("tbody tr")].map((x) => [
      x.querySelector("th").textContent.trim(), x.querySelector("td .value").textContent.trim(),
    ]));
}

async function filtered(page, other, name) {
  await page.goto(base + START);
  await tabTo(page, (x) => x.tag === "SELECT" && x.name === name);
  await page.keyboard.press("ArrowDown");
  const value = await page.$eval(`select[name=${name}]`, (x) => x.value);
  await tabTo(page, (x) => x.tag === "BUTTON" && x.text === "Show");
  await enter(page);
  const address = page.url();
  const numbers = await firstNumbers(page);
  const csv = await page.$eval(".card-head a.button", async (x) => (await fetch(x.href)).text());
  await tabTo(page, (x) => x.text === "Offers and answers");
  await enter(page);
  const kept = new URL(page.url()).searchParams.get(name);
  await other.goto(address);
  const asked = new URL(address).searchParams.get(name);
  found.filters.push({ name, value, asked, numbers, csv, kept, shared: await firstNumbers(other) });
}

const viewer = await visitor();
await look(viewer, "/sign-in");
const operator = await visitor();
found.roles.landed = await signIn(operator, "Olga", "act");
for (const address of pages) await look(operator, address);

// On a phone, filters fold away and unfold by keyboard.
await operator.setViewport({ width: 390, height: 900 });
await operator.goto(base + START);
const isShown = () => operator.$eval("select[name=source]", (x) => x.checkVisibility());
found.fold.before = await isShown();
await tabTo(operator, (x) => x.tag === "SUMMARY");
await operator.keyboard.press("Enter");
found.fold.after = await isShown();

// By keyboard alone: past the navigation, then into a number.
await operator.setViewport({ width: 1440, height: 900 });
await operator.goto(base + START);
found.keyboard.skip = (await tabTo(operator, () => true, 1)).href;
await operator.keyboard.press("Enter");
const number = await tabTo(operator, (x) => x.href.startsWith("/behind/"));
found.keyboard.ring = number !== null && number.visible;
await enter(operator);
found.keyboard.opened = new URL(operator.url()).pathname;

await signIn(viewer, "Vera", "see");
for (const name of FILTERS) await filtered(operator, viewer, name);

found.roles.operator = (await operator.goto(base + "/leads/lead-1"), (await operator.$$(".deeds form")).length);
await Promise.all([operator.waitForNavigation(), operator.click(".deeds button")]);
found.roles.told = await operator.$eval(".told", (x) => x.textContent);
await Promise.all([operator.waitForNavigation(), operator.click(".me button")]);
found.roles.out = new URL(operator.url()).pathname;

found.roles.viewer = (await viewer.goto(base + "/leads/lead-1"), (await viewer.$$(".deeds form")).length);
await viewer.setJavaScriptEnabled(false);
for (const address of pages) {
  await viewer.goto(base + address);
  found.script.push({ address, letters: await viewer.$eval("main", (x) => x.textContent.length) });
}
console.log(JSON.stringify(found));
await browser.close();
