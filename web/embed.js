// <script src="https://your-server/embed.js" async data-label="Talk it through" data-color="#2f5d50"></script>
(() => {
  const tag = document.currentScript, { origin } = new URL(tag.src);
  const [button, frame] = ["button", "iframe"].map((name) => document.createElement(name));
  const style = (node, rules) => { node.style.cssText = "position:fixed;right:1rem;z-index:2147483000;" + rules; };
  const toggle = (open) => {
    if (!frame.src) { frame.src = origin + "/?embed"; document.body.append(frame); }
    frame.hidden = !open;
    frame.style.display = open ? "block" : "none";
    button.setAttribute("aria-expanded", open);
    (open ? frame : button).focus();
  };
  button.type = "button";
  frame.title = button.textContent = tag.dataset.label || "Chat";
  frame.allow = "clipboard-write";
  style(button, `bottom:1rem;min-height:44px;padding:0 1.25rem;font:600 1rem system-ui,sans-serif;color:#fff;background:${tag.dataset.color || "#2f5d50"};border:2px solid #fff;border-radius:2rem;cursor:pointer`);
  style(frame, "bottom:4.75rem;width:min(26rem,100vw - 2rem);height:min(40rem,100vh - 6rem);border:0;border-radius:1rem;box-shadow:0 4px 32px #0005;background:Canvas");
  button.setAttribute("aria-expanded", false);
  button.onclick = () => toggle(!frame.src || frame.hidden);
  addEventListener("message", (event) => {
    if (event.source === frame.contentWindow && event.origin === origin && event.data === "comeback:close") toggle(false);
  });
  document.body.append(button);
})();
