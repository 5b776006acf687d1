// Asks the server for the document, and keeps what is on the wall when the server does not answer.
(function (Wall) {
  "use strict";

  const TIMEOUT = 8000;
  // Two failures are told within a quarter of a minute, and so is the server's coming back.
  const BACKOFF = [4e3, 9e3, 14e3];
  const SPACING = 3000;
  // A server that takes the question and says nothing is told of as soon as one that is gone.
  const PATIENCE = 1.5;
  const QUARTER = 30 * 6e4;
  const LISTS = ["goals", "groups", "teams", "movers", "towns", "zones", "funnel", "big", "latest", "events"];
  const engine = { doc: null, etag: null, version: null, failures: 0, state: "live", flying: false, loaded: performance.now(), stats: { polls: 0, answers: 0, drawn: 0 } };
  let timer = null;
  let asked = -Infinity;
  let confirmed = 0;
  let answered = performance.now();
  let watch = null;
  let mapping = null;

  // Never later than that: a screen whose authorisation is taken back goes blank within one interval.
  function spread(delay, part) {
    return delay * (1 - Math.random() * part);
  }

  function isDocument(doc) {
    const isWhole = doc && doc.schema === 1 && doc.campaign && doc.settings && doc.settings.scenes && doc.server_now;
    return Boolean(isWhole) && LISTS.every((key) => Array.isArray(doc[key]));
  }

  function address() {
    const query = new URLSearchParams(location.search);
    if (Wall.xibao.played()) query.set("played", Wall.xibao.played());
    return "/screen/snapshot" + (String(query) ? "?" + query : "");
  }

  function usual() {
    return ((engine.doc && engine.doc.settings.poll_seconds) || 30) * 1000;
  }

  function schedule() {
    clearTimeout(timer);
    let delay = spread(usual(), 0.1);
    if (engine.failures) delay = spread(BACKOFF[Math.min(engine.failures, BACKOFF.length) - 1], 0.1);
    if (engine.state === "revoked") delay = spread(120e3, 0.1);
    timer = setTimeout(poll, delay);
  }

  async function poll() {
    if (engine.flying) return;
    engine.flying = true;
    asked = performance.now();
    engine.stats.polls += 1;
    try {
      await ask();
    } catch (fault) {
      if (engine.state !== "revoked") failed();
    }
    engine.flying = false;
    schedule();
  }

  async function ask() {
    const limit = new AbortController();
    const stop = setTimeout(() => limit.abort(), TIMEOUT);
    const headers = { Accept: "application/json", "X-Background": "1" };
    if (engine.etag && engine.doc) headers["If-None-Match"] = engine.etag;
    try {
      const options = { headers: headers, signal: limit.signal, cache: "no-store", redirect: "error", credentials: "same-origin" };
      await answer(await fetch(address(), options));
    } finally {
      clearTimeout(stop);
    }
  }

  async function answer(response) {
    if (response.status === 401 || response.status === 410) return revoke();
    if (response.status === 304 && engine.doc) return accept(response, null);
    const type = response.headers.get("Content-Type") || "";
    if (response.status !== 200 || !type.includes("application/json")) throw new Error("no document");
    const doc = await response.json();
    if (!isDocument(doc)) throw new Error("another form");
    return accept(response, doc);
  }

  function accept(response, doc) {
    if (engine.state === "revoked") return reload();
    if (doc) {
      take(doc, response.headers.get("Date"));
      engine.etag = response.headers.get("ETag");
    } else {
      Wall.clock.confirm(response.headers.get("Date"));
      fetchMap(engine.doc.settings.map);
    }
    engine.failures = 0;
    engine.stats.answers += 1;
    vouch(doc && doc.data_at);
    return renew(response.headers.get("X-App-Version") || engine.doc.app_version);
  }

  function vouch(moment) {
    confirmed = Wall.clock.now();
    answered = performance.now();
    Wall.clock.vouch(moment);
    clearTimeout(watch);
    watch = setTimeout(tell, usual() * PATIENCE);
    tell();
  }

  // What cannot be drawn counts as no answer: the last good picture comes back.
  function take(doc, header) {
    const before = engine.doc;
    try {
      engine.doc = doc;
      Wall.clock.set(doc.server_now, header);
      Wall.draw(doc);
    } catch (fault) {
      engine.doc = before;
      if (before) Wall.draw(before);
      throw fault;
    }
    engine.stats.drawn += 1;
    Wall.rotation.configure(doc.settings);
    Wall.xibao.offer(doc);
    fetchMap(doc.settings.map);
  }

  // Asked for again with the next answer where it did not come: the document may stay the same all day.
  function fetchMap(map) {
    if (mapping || (map ? map.url : null) === (Wall.uploaded ? Wall.uploaded.url : null)) return;
    if (!map) return adopt(null);
    mapping = new AbortController();
    const stop = setTimeout(() => mapping.abort(), TIMEOUT);
    fetch(map.url, { credentials: "same-origin", signal: mapping.signal })
      .then((response) => response.json())
      .then((drawn) => adopt(Object.assign(drawn, { url: map.url, box: boxOf(drawn.polygons) })))
      .catch(function () {})
      .then(function () {
        clearTimeout(stop);
        mapping = null;
      });
  }

  function adopt(map) {
    Wall.uploaded = map;
    if (engine.doc) Wall.draw(engine.doc);
  }

  function boxOf(polygons) {
    const points = Object.keys(polygons).reduce((all, name) => all.concat(polygons[name]), []);
    const [xs, ys] = [points.map((point) => point[0]), points.map((point) => point[1])];
    const [left, top] = [Math.min.apply(null, xs), Math.min.apply(null, ys)];
    return [left - 1, top - 1, Math.max.apply(null, xs) - left + 2, Math.max.apply(null, ys) - top + 2].join(" ");
  }

  function failed() {
    engine.failures += 1;
    tell();
  }

  function tell() {
    if (engine.state === "revoked" || !engine.doc) return;
    const isOut = engine.failures >= 2 || performance.now() - answered >= usual() * PATIENCE;
    engine.state = isOut ? "offline" : Wall.clock.isStale(engine.doc) ? "stale" : "live";
    Wall.attr(document.documentElement, "data-state", engine.state);
    const outage = Wall.get("outage");
    Wall.show(outage, isOut);
    Wall.text(outage, isOut ? "连接中断 · 数据停在 " + Wall.clock.momentWords(confirmed) : "");
  }

  function revoke() {
    engine.failures = 0;
    engine.doc = engine.etag = null;
    engine.state = "revoked";
    Wall.uploaded = null;
    ["wall-theme", "wall-played", "wall-reload"].forEach((key) => sessionStorage.removeItem(key));
    Wall.forget();
    Wall.xibao.forget();
    ["stage", "xibao", "night", "help", "snapshot"].forEach(function (id) {
      if (Wall.get(id)) Wall.get(id).remove();
    });
    Wall.attr(document.documentElement, "data-state", "revoked");
    Wall.show(Wall.get("veil"), true);
  }

  function renew(version) {
    if (Wall.xibao.isOpen() || Wall.rotation.isFrozen()) return;
    const isOld = engine.version && version && version !== engine.version && mayReload(version);
    const isDawn = Wall.clock.wall().getUTCHours() === 4 && performance.now() - engine.loaded > 2 * QUARTER;
    if (isOld) sessionStorage.setItem("wall-reload", version + " " + Date.now());
    if (isOld || isDawn) reload();
  }

  function mayReload(version) {
    const [before, at] = (sessionStorage.getItem("wall-reload") || " ").split(" ");
    return before !== version || Date.now() - Number(at) > QUARTER;
  }

  // The page itself must have been answered a moment ago: figures that can still be read are never given for an error page.
  async function reload() {
    const response = await fetch(location.href, { cache: "no-store", redirect: "error", credentials: "same-origin" });
    const page = await response.text();
    if (response.status === 200 && page.includes('id="snapshot"')) location.reload();
  }

  function refresh() {
    if (performance.now() - asked >= SPACING) poll();
  }

  function start(doc) {
    if (isDocument(doc)) {
      engine.version = doc.app_version;
      take(doc, null);
      engine.etag = doc.etag || null;
      vouch(doc.data_at);
      schedule();
    } else {
      poll();
    }
    window.addEventListener("online", refresh);
    document.addEventListener("visibilitychange", function () {
      if (!document.hidden) refresh();
    });
  }

  Wall.engine = Object.assign(engine, { start, refresh, tell, poll });
})(window.Wall);
