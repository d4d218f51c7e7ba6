// An on-screen keyboard: writes where the writing is, and takes room beside it, never above it.
"use strict";
const BACK = "\u232b", SHIFT = "\u21e7", SPACE = " ", NUMBERS = "123", LETTERS = "abc", LINE = "\u21b5", HIDE = "\u2304";
const layouts = {
  [LETTERS]: [[..."qwertyuiop", BACK], [..."asdfghjkl'", LINE], [SHIFT, ..."zxcvbnm,.?"], [NUMBERS, SPACE, HIDE]],
  [NUMBERS]: [[..."1234567890", BACK], [..."@#&%+-=()/", LINE], [..."\u00e1\u00e9\u00ed\u00f3\u00fa\u00f1\u00fc:;!\""], [LETTERS, SPACE, HIDE]],
};
let shifted = true;

const written = () => ($("take").open ? $("note") : $("input"));
function write(text, back = 0) {
  const field = written(), { selectionStart: from, selectionEnd: to } = field;
  const before = from === to ? [...field.value.slice(0, from)].slice(0, back ? -1 : undefined).join("").length : from;
  field.setRangeText(text, before, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  shift(/(^|[.?!]\s+|\n)$/.test(field.value.slice(0, field.selectionStart)));
}
function shift(on) {
  shifted = on;
  for (const key of $("keyboard").querySelectorAll("button")) {
    const { value } = key.dataset;
    if (/^\p{L}$/u.test(value)) key.textContent = on ? value.toUpperCase() : value;
    if (value === SHIFT) key.setAttribute("aria-pressed", on);
  }
}
function press(value) {
  if (value === SHIFT) shift(!shifted);
  else if (value === HIDE) tool("keys", false);
  else if (Object.hasOwn(layouts, value)) keys(value);
  else if (value === BACK) write("", 1);
  else write(value === LINE ? "\n" : shifted ? value.toUpperCase() : value);
}
function keys(layout) {
  $("keyboard").replaceChildren(...layouts[layout].map((row) => {
    const line = make("div");
    line.append(...row.map((value) => {
      const key = button(value === SPACE ? words.keys[SPACE] : value, () => press(value));
      key.dataset.value = value;
      if (Object.hasOwn(words.keys, value)) key.setAttribute("aria-label", words.keys[value]);
      return key;
    }));
    return line;
  }));
  shift(shifted);
}
function showKeyboard(on) {
  const board = $("keyboard");
  ($("take").open ? $("take") : $("talk")).append(board);
  board.hidden = !on;
  if (!on) return;
  shifted = !written().value;
  keys(LETTERS);
  written().focus();
  written().scrollIntoView({ block: "nearest" });
}
$("keyboard").onmousedown = (event) => event.preventDefault(); // the focus stays where the writing is
