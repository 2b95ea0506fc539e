// Keeps a live page fresh: fetches it again and puts what changed in place. Reading works
// without it. Nothing moves while somebody is in the page by keyboard, or looks elsewhere.
"use strict";
const EVERY = 20000;
async function freshen() {
  const main = document.querySelector("main");
  if (document.hidden || main.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  main.replaceChildren(...page.querySelector("main").childNodes);
}
setInterval(() => freshen().catch(() => {}), EVERY);
