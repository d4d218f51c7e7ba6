// Transport: a token, one message at a time, JSON lines back. Rendering: text nodes only.
"use strict";
const $ = (id) => document.getElementById(id);
const words = JSON.parse($("strings").textContent);
const KEY = "comeback", name = $("name").textContent, touch = matchMedia("(hover: none)").matches;
const { place } = document.documentElement.dataset, kiosk = place === "kiosk"; // a kiosk stores nothing and links to nothing
const fresh = (owed = []) => ({ token: "", items: [], pending: [], owed }); // items: {me} or {line}; pending: {id, text, seen}; owed: tokens to erase
let state = fresh();
let sending = false, generation = 0, restoring = false;

const offline = () => !kiosk && !navigator.onLine; // a kiosk and its server may be one machine

function load() {
  try { Object.assign(state, JSON.parse(!kiosk && sessionStorage.getItem(KEY))); } catch {  }
}
function save() {
  state.items = state.items.slice(-200);
  try { kiosk || sessionStorage.setItem(KEY, JSON.stringify(state)); } catch {  }
}

function make(tag, text, attributes = {}) {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
function button(text, act, className = "") {
  const node = make("button", text, { type: "button" });
  if (className) node.className = className;
  node.onclick = act;
  return node;
}
function bubble(who, ...parts) {
  const node = make("div", "", { class: "message " + who });
  node.append(make("span", (who === "me" ? words.you : name) + ": ", { class: "sr" }), ...parts);
  $("log").append(node);
  return node;
}
function say(text) { // spoken by screen readers, shown for a moment
  const node = $("status");
  node.textContent = text;
  setTimeout(() => { if (node.textContent === text) typing(sending); }, 2500);
}
function typing(on) {
  $("status").textContent = "";
  if (on) $("status").append(make("span", words.writing, { class: "sr" }), make("span", "", { class: "dots", "aria-hidden": "true" }));
}
function notice(text, retry) {
  const node = $("notice");
  node.hidden = !text;
  node.textContent = text || "";
  if (retry) node.append(" ", button(words.retry, () => { toInput(); flush(); }));
}
function toEnd() {
  const box = $("scroll"), last = $("log").lastChild;
  if (last?.offsetHeight > box.clientHeight) last.scrollIntoView(); else box.scrollTop = box.scrollHeight;
}
const toInput = () => $(touch ? "scroll" : "input").focus(); // a phone's keyboard opens only when it is asked for
const live = (how) => restoring || $("log").setAttribute("aria-live", how);

function contacts(list) {
  if (!list.length) return $("help").querySelector("ul").cloneNode(true);
  const ul = make("ul", "", { class: "urgent" });
  for (const contact of list) {
    const { name = "", note = "", url = "" } = typeof contact === "string" ? { name: contact } : contact;
    const item = make(!kiosk && /^(https|tel|sms):/.test(url) ? "a" : "span");
    if (item.tagName === "A") item.href = url;
    if (/^https:/.test(url)) { item.target = "_blank"; item.rel = "noopener noreferrer"; }
    item.append(make("b", name), " ", make("span", note));
    const li = make("li");
    li.append(item);
    ul.append(li);
  }
  return ul;
}
function download(name, type, text) {
  const link = make("a", "", { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
function saved(title, label, ...file) { bubble("bot card", make("p", title), button(label, () => download(...file))); }
async function copy(text, from) {
  try { await navigator.clipboard.writeText(text); } catch {
    const area = make("textarea", text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  from.textContent = words.copied;
  setTimeout(() => { from.textContent = words.copy; }, 2500);
  say(words.copied);
}
function draft(line) {
  const card = bubble("bot card", make("h3", words.draft));
  if (line.subject) {
    const subject = make("p", "", { class: "subject" });
    subject.append(make("b", words.subject + ": "), line.subject);
    card.append(subject);
  }
  const row = make("div", "", { class: "row" });
  row.append(button(words.copy, (event) => copy(line.body, event.currentTarget)));
  if (line.link) row.append(make("a", words.mail, { href: line.link, class: "button" }));
  if (line.eml) row.append(button(words.save_mail, () => download("draft.eml", "message/rfc822", line.eml)));
  card.append(make("p", line.body, { class: "body" }), row);
}

const show = {
  text(line) { if (line.text) bubble("bot", make("p", line.text)); },
  draft,
  calendar({ name, ics }) { saved(name, words.save_calendar, name.replace(/(\.ics)?$/, ".ics"), "text/calendar", ics); },
  file({ name, mime, text }) { saved(name, words.save_file, name, mime, text); },
  help(line) { live("assertive"); bubble("bot card care", make("h3", $("help-title").textContent), contacts(line.urgent)); },
  trouble(line) { bubble("bot card care", make("p", line.text), button(words.retry, () => { toInput(); repeat(); }), contacts(line.urgent)); },
  control(line) { live("assertive"); document.documentElement.classList.toggle("pinned", line.do === "pin_help"); },
};
function draw(item) {
  $("welcome").classList.add("past");
  if (item.me !== undefined) { live("polite"); bubble("me", make("p", item.me)); }
  else if (Object.hasOwn(show, item.line.kind)) show[item.line.kind](item.line);
  replies(item.line?.buttons || []);
  toEnd();
}
function replies(list) {
  const box = $("replies");
  box.replaceChildren(...list.map(({ title, text }) => button(title, () => { toInput(); post(text); })));
  box.hidden = !list.length;
}
function add(item) {
  state.items.push(item);
  save();
  draw(item);
}

function post(text) {
  text = text.trim();
  if (!text) return;
  add({ me: text });
  queue(text);
}
const repeat = () => queue(state.items.findLast((item) => item.me).me); // after trouble: again, but not shown twice
function queue(text) {
  state.pending.push({ id: crypto.getRandomValues(new Uint32Array(4)).reduce((id, part) => id + part.toString(36), "m-"), text, seen: 0 });
  save();
  flush();
}
async function flush() { // sends what is pending, in order, each with its own id until it is answered
  if (sending) return;
  sending = true;
  const mine = generation;
  notice("");
  typing(state.pending.length);
  while (state.pending.length && mine === generation) {
    const outcome = await deliver(state.pending[0], mine);
    if (mine !== generation) break;
    if (outcome === "again") continue;
    if (outcome === "down") {
      notice(offline() ? words.offline : words.down, true);
      break;
    }
    state.pending.shift();
    save();
    if (outcome === "refused") notice(words.refused);
  }
  if (mine === generation) { sending = false; typing(false); }
}
const api = (method, path, data, more) => fetch("/api/" + path, { method, body: JSON.stringify(data), headers: { "Content-Type": "application/json" }, credentials: "omit", ...more });
const wait = (seconds) => new Promise((go) => setTimeout(go, seconds * 1000));

async function deliver(message, mine) {
  try {
    if (!state.token) {
      const response = await api("POST", "session", { place });
      if (!response.ok) return "down";
      const { token } = await response.json();
      if (mine !== generation) return;
      state.token = token;
      save();
    }
    const response = await api("POST", "message", { token: state.token, id: message.id, text: message.text });
    if (mine !== generation) return;
    if (response.status === 401) { // an old token: take a new one, once
      state.token = "";
      message.seen = 0;
      return (message.renewed = !message.renewed) ? "again" : "down";
    }
    if (response.status === 429) {
      const { text, wait: seconds = 2 } = await response.json();
      if (text) notice(text);
      await wait(seconds);
      if (mine === generation) notice("");
      return "again";
    }
    if (!response.ok) return response.status < 500 ? "refused" : "down";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", index = 0;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return "down"; // cut off before the last line
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines.map((text) => JSON.parse(text))) {
        if (mine !== generation) return;
        if (line.done) return "sent";
        if (index++ < message.seen) continue;
        message.seen = index;
        if (line.kind === "control" && line.do !== "pin_help") erased(line.do); else { add({ line }); typing(true); }
      }
    }
  } catch { return "down"; }
}
function erased(how) { // the bot's side is erased when the stream ends
  if (how === "wipe") return wipe();
  state.token = "";
  state.items = state.items.slice(-1);
  save();
  $("log").replaceChildren(...[...$("log").children].slice(-1));
}
function wipe() {
  generation++;
  sending = false;
  state = fresh(state.owed);
  save();
  $("log").replaceChildren();
  $("input").value = "";
  document.documentElement.classList.remove("pinned");
  $("welcome").classList.remove("past");
  notice("");
  typing(false);
  starters();
  dispatchEvent(new Event("wiped"));
}
function clear() {
  if (state.token) state.owed.push(state.token);
  $("clear-ask").close();
  $("input").focus();
  wipe();
  erase();
}
async function erase() { // the server's copy; tried again when the page or the connection is back
  try {
    for (const token of [...state.owed]) {
      if ((await api("DELETE", "session", { token }, { keepalive: true })).status >= 500) throw 0;
      state.owed = state.owed.filter((other) => other !== token);
      save();
    }
    say(words.cleared);
  } catch { notice(words.not_cleared); }
}
const starters = () => replies(words.starters.map((text) => ({ title: text, text })));

function fit() {
  const input = $("input");
  input.style.height = "auto";
  input.style.height = input.scrollHeight + 2 + "px";
}
function open(dialog) { dialog.showModal(); dialog.querySelector("h2").focus(); }

load();
if (state.items.length) {
  restoring = true; // what was read before is not read again
  $("log").setAttribute("aria-live", "off");
  state.items.forEach(draw);
  setTimeout(() => { restoring = false; live("polite"); }, 500);
} else starters();
$("form").onsubmit = (event) => { event.preventDefault(); post($("input").value); $("input").value = ""; fit(); $("input").focus(); };
$("input").oninput = fit;
$("input").onkeydown = (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("form").requestSubmit(); }
};
$("help-open").onclick = () => open($("help"));
$("clear").onclick = () => open($("clear-ask"));
$("clear-yes").onclick = clear;
for (const node of document.querySelectorAll("[data-close]")) node.onclick = () => node.closest("dialog").close();
addEventListener("online", () => { flush(); if (state.owed.length) erase(); });
addEventListener("offline", () => offline() && notice(words.offline));
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && parent !== window && !document.querySelector("dialog[open]")) parent.postMessage("comeback:close", "*");
});
if (offline()) notice(words.offline);
flush();
if (state.owed.length) erase();
