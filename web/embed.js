// <script src="https://your-server/embed.js" async data-label="Talk it through"></script>
(() => {
  const tag = document.currentScript, origin = new URL(tag.src).origin;
  const style = (node, rules) => Object.assign(node.style, rules);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = tag.dataset.label || "Chat";
  button.setAttribute("aria-expanded", "false");
  style(button, { position: "fixed", right: "1rem", bottom: "1rem", zIndex: 2147483000, minHeight: "44px", padding: "0 1.25rem", font: "600 1rem system-ui, sans-serif", color: "#fff", background: tag.dataset.color || "#2f5d50", border: "2px solid #fff", borderRadius: "999px", cursor: "pointer", boxShadow: "0 2px 12px #0004" });
  let frame;
  const toggle = (open) => {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.src = origin + "/?embed";
      frame.title = button.textContent;
      frame.allow = "clipboard-write";
      style(frame, { position: "fixed", right: "1rem", bottom: "calc(1.5rem + 48px)", width: "min(26rem, calc(100vw - 2rem))", height: "min(40rem, calc(100vh - 3rem - 48px))", border: 0, borderRadius: "1rem", boxShadow: "0 4px 32px #0005", zIndex: 2147483000, background: "Canvas" });
      document.body.append(frame);
    }
    frame.hidden = !open;
    frame.style.display = open ? "block" : "none";
    button.setAttribute("aria-expanded", String(open));
    (open ? frame : button).focus();
  };
  button.onclick = () => toggle(!frame || frame.hidden);
  addEventListener("message", (event) => {
    if (frame && event.source === frame.contentWindow && event.origin === origin && event.data === "comeback:close") toggle(false);
  });
  document.body.append(button);
})();
