// Fits the page to the glass, draws the first document, and keeps one timer.
(function (Wall) {
  "use strict";

  function fit() {
    const unit = Math.min(window.innerWidth / 1920, window.innerHeight / 1080);
    Wall.style(document.documentElement, "font-size", (unit * 100).toFixed(3) + "px");
    if (Wall.engine.doc) Wall.draw(Wall.engine.doc);
  }

  function first() {
    const node = Wall.get("snapshot");
    const text = node ? node.textContent : "null";
    if (node) node.remove();
    try {
      return JSON.parse(text);
    } catch (fault) {
      return null;
    }
  }

  function tick() {
    if (!Wall.engine.doc) return;
    Wall.clock.show(Wall.engine.doc);
    Wall.engine.tell();
    Wall.xibao.tick();
    Wall.rotation.tick();
  }

  // On paper every sheet says which figures it shows and when it was printed.
  function stampSheets() {
    if (!Wall.engine.doc) return;
    const data = Wall.engine.doc.facts_at ? Wall.clock.dataMoment(Wall.engine.doc) : "—";
    const now = Wall.clock.wall().toISOString().slice(0, 16).replace("T", " ");
    document.querySelectorAll(".data-moment").forEach((node) => Wall.text(node, Wall.engine.doc.lookback ? Wall.engine.doc.as_of : data));
    document.querySelectorAll(".print-moment").forEach((node) => Wall.text(node, now));
  }

  function stayAwake() {
    if (navigator.wakeLock && !document.hidden) navigator.wakeLock.request("screen").catch(function () {});
  }

  fit();
  Wall.xibao.rays();
  const given = first();
  Wall.xibao.recall(given && given.played);
  Wall.rotation.listen();
  Wall.engine.start(given);
  tick();
  setInterval(tick, 1000);
  stayAwake();
  window.addEventListener("resize", fit);
  window.addEventListener("beforeprint", stampSheets);
  document.addEventListener("visibilitychange", stayAwake);
  document.documentElement.dataset.ready = "yes";
})(window.Wall);
