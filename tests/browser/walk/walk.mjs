// Walks through the dashboard as people do and prints what it found as JSON.
// node walk.mjs BASE AXE SHOTS PAGE...
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const [base, axeFile, shots, ...pages] = process.argv.slice(2);
const axe = readFileSync(axeFile, "utf-8");
const looks = [
  ["light", 1280, "light"], ["dark", 1280, "dark"],
  ["phone", 390, "light"], ["dark-phone", 390, "dark"],
];
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--disable-gpu"],
});
const found = { complaints: [], looks: [], keyboard: {}, filters: [], roles: {}, script: [] };

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
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  return new URL(page.url()).pathname;
}

async function look(page, address, [name, width, scheme]) {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 900 });
  await page.goto(base + address, { waitUntil: "load" });
  await page.evaluate(axe);
  const seen = await page.evaluate(async () => {
    const told = await globalThis.axe.run(document, { iframes: false });
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    const brief = told.violations.map((x) => `${x.impact} ${x.id} ${x.nodes[0].html}`.slice(0, 300));
    return { violations: brief, passes: told.passes.length, wide };
  });
  const file = address.replace(/[^a-z0-9]+/gi, "-").slice(0, 60);
  await page.screenshot({ path: `${shots}/${file}-${name}.png`, fullPage: true });
  found.looks.push({ address, look: name, ...seen });
}

async function tabTo(page, wanted, most = 80) {
  for (let n = 0; n < most; n++) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const x = document.activeElement;
      const ring = getComputedStyle(x);
      return { text: x.textContent.trim(), href: x.getAttribute("href") || "", visible: ring.outlineStyle !== "none" };
    });
    if (wanted(seen)) return seen;
  }
  return null;
}

const operator = await visitor();
found.roles.landed = await signIn(operator, "Olga", "act");
for (const address of pages) for (const each of looks) await look(operator, address, each);

// By keyboard alone: past the navigation, then into a number.
await operator.setViewport({ width: 1280, height: 900 });
await operator.goto(base + "/funnel/funnel?period=2026-10");
found.keyboard.skip = (await tabTo(operator, () => true, 1)).href;
await operator.keyboard.press("Enter");
const number = await tabTo(operator, (x) => x.href.startsWith("/behind/"));
found.keyboard.ring = number !== null && number.visible;
await Promise.all([operator.waitForNavigation(), operator.keyboard.press("Enter")]);
found.keyboard.opened = new URL(operator.url()).pathname;

// Every filter, by the form, then the export of what it shows.
for (const name of ["segment", "source", "owner", "by"]) {
  await operator.goto(base + "/funnel/funnel?period=2026-10");
  const value = await operator.$eval(`select[name=${name}]`, (x) => x.options[1].value);
  await operator.select(`select[name=${name}]`, value);
  await Promise.all([operator.waitForNavigation(), operator.click(".filters button")]);
  const query = new URL(operator.url()).searchParams;
  const values = await operator.$$eval("td .value", (all) => all.map((x) => x.textContent));
  const csv = await operator.$eval(".card-head a.button", async (x) => (await fetch(x.href)).text());
  found.filters.push({ name, asked: query.get(name), value, values, csv });
}

found.roles.operator = (await operator.goto(base + "/leads/lead-1"), (await operator.$$(".deeds form")).length);
await Promise.all([operator.waitForNavigation(), operator.click(".deeds button")]);
found.roles.told = await operator.$eval(".told", (x) => x.textContent);
await Promise.all([operator.waitForNavigation(), operator.click(".me button")]);
found.roles.out = new URL(operator.url()).pathname;

const viewer = await visitor();
await signIn(viewer, "Vera", "see");
found.roles.viewer = (await viewer.goto(base + "/leads/lead-1"), (await viewer.$$(".deeds form")).length);
await viewer.setJavaScriptEnabled(false);
for (const address of pages) {
  await viewer.goto(base + address);
  found.script.push({ address, letters: await viewer.$eval("main", (x) => x.textContent.length) });
}
console.log(JSON.stringify(found));
await browser.close();
