// What a person takes along from a kiosk: chosen things only, as QR codes or on paper. Nothing is sent.
"use strict";
const CODE_BYTES = 700; // what a phone reads from an arm's length
qrcode.stringToBytes = (text) => [...new TextEncoder().encode(text)];

const people = (list) => (list.length ? list : [...$("lines").children].map((li) => ({ name: li.textContent })))
  .map(({ name, note }) => [name, note].filter(Boolean).join(": ")).join("\n");
const made = { // title, text for a code, text for paper when it is another
  draft: (line) => ({ title: line.subject || words.draft, text: [line.subject, line.body].filter(Boolean).join("\n\n"), paper: line.body }),
  calendar: (line) => ({ title: entry(line.ics).summary || line.name, text: line.ics, paper: entry(line.ics).words }),
  file: (line) => ({ title: line.name, text: line.text }),
  help: (line) => ({ title: words.people, text: people(line.urgent) }),
};
function entry(ics) { // a calendar entry in words
  const field = (name) => (ics.replace(/\r?\n[ \t]/g, "").match(new RegExp(`^${name}[^:\r\n]*:(.*)$`, "m"))?.[1] || "").trim();
  const [, year, month, day, hour, minute] = field("DTSTART").match(/(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?/) || [];
  const when = year && new Date(year, month - 1, day, hour || 0, minute || 0)
    .toLocaleString(html.lang, { dateStyle: "full", ...(hour && { timeStyle: "short" }) });
  const plain = (text) => text.replace(/\\n/gi, "\n").replace(/\\(.)/g, "$1");
  const summary = plain(field("SUMMARY"));
  return { summary, words: [when, plain(field("DESCRIPTION"))].filter(Boolean).join("\n") };
}
function things() {
  const lines = state.items.map((item) => item.line).filter(Boolean);
  const seen = new Set(), once = ({ text }) => text && !seen.has(text) && seen.add(text);
  return {
    made: lines.filter(({ kind }) => Object.hasOwn(made, kind)).map((line) => ({ line, ...made[line.kind](line) })).reverse().filter(once),
    said: lines.filter(({ kind, text }) => kind === "text" && text).map((line) => ({ line, title: line.text, text: line.text })).filter(once),
  };
}

let choices = []; // {thing, box} in the order of the page
function choice(thing, chosen) {
  const label = make("label", "", { class: "choice" }), box = make("input", "", { type: "checkbox" });
  box.checked = thing.line === chosen;
  label.append(box, make("span", thing.title));
  choices.push({ thing, box });
  return label;
}
function take(chosen) {
  const { made, said } = things();
  choices = [];
  $("things").replaceChildren(...made.map((thing) => choice(thing, chosen)));
  $("said").replaceChildren(...said.map((thing) => choice(thing, chosen)));
  $("said-open").hidden = !said.length;
  showSaid(false);
  $("take-status").textContent = "";
  open($("take"));
  showNote(false);
}
function showSaid(on) {
  $("said").hidden = !on;
  $("said-open").setAttribute("aria-expanded", on);
}
function showNote(shown) {
  $("note-chosen").checked = shown;
  $("note").hidden = $("note-keys").hidden = !shown;
  if (shown && !$("note").value) $("note").value = words.note;
  showKeyboard(shown && on("keys"));
}
function chosen() {
  const list = choices.filter(({ box }) => box.checked).map(({ thing }) => thing);
  if ($("note-chosen").checked && $("note").value.trim()) list.push({ title: words.note_title, text: $("note").value.trim() });
  $("take-status").textContent = list.length ? "" : words.choose;
  return list;
}

function parts(text) { // cut between characters, at most CODE_BYTES each
  const all = [""];
  let bytes = 0;
  for (const character of text) {
    const size = qrcode.stringToBytes(character).length;
    if (bytes + size > CODE_BYTES) { all.push(""); bytes = 0; }
    all[all.length - 1] += character;
    bytes += size;
  }
  return all;
}
function drawn(text) {
  const code = qrcode(0, "L"), space = "http://www.w3.org/2000/svg";
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) if (code.isDark(y, x)) path += `M${x + 4} ${y + 4}h1v1h-1z`;
  const [svg, dark] = ["svg", "path"].map((tag) => document.createElementNS(space, tag));
  for (const [key, value] of Object.entries({ viewBox: `0 0 ${size + 8} ${size + 8}`, role: "img", "aria-label": words.code })) svg.setAttribute(key, value);
  dark.setAttribute("d", path);
  svg.append(dark);
  return svg;
}
let codes = [], at = 0;
function showCode() {
  const { title, text, part, of } = codes[at];
  $("code-title").textContent = of > 1 ? `${title} (${part}/${of})` : title;
  $("qr").replaceChildren(drawn(text));
  $("code-next").hidden = codes.length < 2;
  $("code-title").focus();
}
function takeCode() {
  codes = chosen().flatMap(({ title, text }) => parts(text).map((text, index, all) => ({ title, text, part: index + 1, of: all.length })));
  at = 0;
  if (!codes.length) return;
  if (!$("code").open) open($("code"));
  showCode();
}
function takePrint() {
  const list = chosen();
  if (!list.length) return;
  $("sheet-things").replaceChildren(...list.flatMap(({ title, text, paper }) => [make("h2", title === text ? "" : title), make("p", paper || text)]));
  print();
}
function emptyHands() {
  choices = codes = [];
  for (const id of ["things", "said", "qr", "sheet-things"]) $(id).replaceChildren();
  for (const id of ["code-title", "take-status"]) $(id).textContent = "";
  $("note").value = "";
  $("note").hidden = $("note-keys").hidden = true;
}

for (const kind of ["draft", "calendar", "file"]) show[kind] = (line) => { // on a kiosk there is no mail program and no disk
  const { title, paper, text } = made[kind](line);
  bubble("bot card", make("h3", title), ...(kind === "file" ? [] : [make("p", paper || text, { class: "body" })]), button(words.take, () => take(line)));
};
$("take-open").onclick = () => take();
$("said-open").onclick = () => showSaid($("said").hidden);
$("note-chosen").onchange = () => showNote($("note-chosen").checked);
$("take-code").onclick = takeCode;
$("take-print").onclick = takePrint;
$("code-next").onclick = () => { at = (at + 1) % codes.length; showCode(); };
addEventListener("afterprint", () => $("sheet-things").replaceChildren());
