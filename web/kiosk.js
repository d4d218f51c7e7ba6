// The screen of a kiosk: one touch to start, tools, idle warning, and a wipe after which nothing is left.
"use strict";
const html = document.documentElement;
const { idle, grace, silence, bell } = html.dataset;
const desk = new URLSearchParams(location.search).get("id") || "1";
const waiting = () => html.classList.contains("waiting");
const speech = window.speechSynthesis;

const clean = () => navigator.clipboard?.writeText("").catch(() => {}); // also of one who was cut off
function begin(text) {
  clean();
  html.classList.remove("waiting");
  $("start-status").textContent = "";
  stir();
  toInput();
  if (text) post(text);
}

const tools = {
  large: (on) => html.classList.toggle("large", on),
  hushed: (on) => html.classList.toggle("hushed", on),
  aloud: (on) => on || speech?.cancel(),
  keys: showKeyboard,
};
function tool(name, on) {
  for (const node of document.querySelectorAll(`[data-tool=${name}]`)) node.setAttribute("aria-pressed", on);
  tools[name](on);
  toEnd();
}
const on = (name) => document.querySelector(`[data-tool=${name}]`).getAttribute("aria-pressed") === "true";

function speak(text) {
  if (!on("aloud") || !text) return;
  const said = new SpeechSynthesisUtterance(text);
  said.lang = html.lang;
  speech.speak(said);
}
function voices() {
  const none = !speech?.getVoices().length;
  for (const node of document.querySelectorAll("[data-tool=aloud]")) node.hidden = none;
}
const spoken = (node) => [...node.querySelectorAll("p, h3, li")].map((part) => part.textContent).join("\n");
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) if (node.classList.contains("bot")) speak(spoken(node));
}).observe($("log"), { childList: true });

let timer, asked; // until the question; until the wipe
function stir() { // somebody is here
  clearTimeout(timer);
  clearInterval(asked);
  if ($("idle").open) $("idle").close();
  timer = setTimeout(ask, idle * 1000);
}
function ask() {
  if (speech?.speaking) return stir();
  if (waiting()) return reset();
  let left = Number(grace);
  $("left").textContent = left;
  $("idle").showModal();
  navigator.vibrate?.(200);
  speak($("idle-title").textContent + " " + $("idle-more").textContent);
  asked = setInterval(() => {
    $("left").textContent = --left;
    if (left <= 0) clear();
  }, 1000);
}

function reset() { // everything but the talk itself, which wipe() of the chat empties
  clearTimeout(timer);
  clearInterval(asked);
  speech?.cancel();
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  for (const name of Object.keys(tools)) tool(name, false);
  showTools(false);
  emptyHands();
  $("bell-status").textContent = words.ring_more;
  fit();
  getSelection().removeAllRanges();
  clean();
  $("scroll").scrollTop = 0;
}
addEventListener("wiped", () => {
  reset();
  html.classList.add("waiting");
  $("start-status").textContent = words.cleared;
  setTimeout(() => { $("start-status").textContent = ""; }, 8000);
  $("begin").focus();
});
function away() { // the page is left: back, reload, closed
  if (state.token) api("DELETE", "session", { token: state.token }, { keepalive: true }).catch(() => {});
  wipe();
}

async function ring() {
  const status = $("bell-status");
  $("ring").disabled = true;
  status.textContent = words.ringing;
  try {
    const response = await api("POST", "bell", { screen: desk });
    status.textContent = (await response.json()).rung ? words.rung : words.not_rung;
  } catch { status.textContent = words.not_rung; }
  speak(status.textContent);
  $("ring").disabled = false;
}
async function alive() {
  if (state.owed.length) erase();
  const { token } = state;
  if (token) {
    const response = await api("POST", "alive", { token }).catch(() => ({}));
    if (response.status === 401 && token === state.token) wipe(); // the server has ended this talk
  } else if (waiting()) {
    const { ok } = await fetch("/health").catch(() => ({}));
    if (!ok || $("start-status").textContent === words.resting) $("start-status").textContent = ok ? "" : words.resting;
  }
}
function showTools(on) {
  $("tools").classList.toggle("shown", on);
  $("tools-open").setAttribute("aria-expanded", on);
}

$("begin").onclick = () => begin();
for (const node of $("minutes").children) node.onclick = () => begin(node.textContent);
for (const node of document.querySelectorAll("[data-tool]")) node.onclick = () => tool(node.dataset.tool, !on(node.dataset.tool));
for (const node of document.querySelectorAll("[data-open]")) node.onclick = () => {
  node.closest("dialog")?.close();
  if (node.dataset.open === "take") take(); else open($(node.dataset.open));
};
$("tools-open").onclick = () => showTools(!$("tools").classList.contains("shown"));
$("clear").onclick = () => { if (state.items.length) open($("clear-ask")); else clear(); };
$("leave").onclick = clear;
$("stay").onclick = $("idle").oncancel = stir;
$("ring").onclick = ring;
$("bell").hidden = bell !== "yes";
$("here").hidden = !$("here").children.length;
$("take").onclose = () => showKeyboard(on("keys"));
for (const kind of ["pointerdown", "keydown", "input", "wheel"]) addEventListener(kind, (event) => {
  const answering = event.target.closest?.("#idle button") && ["Tab", "Enter", " ", undefined].includes(event.key);
  if (!answering) stir();
  if (kind !== "input") speech?.cancel();
}, { capture: true, passive: true });
addEventListener("focusin", ({ target }) => target.matches("button, textarea, input") && speak(target.ariaLabel || (target.labels?.[0] || target).textContent));
addEventListener("pagehide", away);
addEventListener("pageshow", (event) => event.persisted && location.reload());
addEventListener("contextmenu", (event) => event.preventDefault());
setInterval(alive, silence * 1000 / 3);
alive();
clean();
speech?.addEventListener("voiceschanged", voices);
voices();
$("begin").focus();
