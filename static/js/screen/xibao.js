// Good news over everything: once, soon after it happened, never two in a row, and gone when it is taken back.
(function (Wall) {
  "use strict";

  const FRESH = 15 * 6e4;
  const SHOWN = 20e3;
  const APART = 120e3;
  const LIT = 10e3;
  const LONGEST = 5;
  const state = { queue: [], known: new Set(), current: null, since: 0, ended: -Infinity, lit: null, played: null, last: "" };
  let update = null;

  const ticks = () => performance.now();

  function isFresh(event) {
    return Wall.clock.now() - Date.parse(event.at) < FRESH;
  }

  // Events are numbered by their moment: what is not after the last one was shown by this screen before.
  function recall(played) {
    state.last = String(played || "");
    const kept = (sessionStorage.getItem("wall-played") || "").split(",").filter(Boolean);
    kept.forEach((id) => state.known.add(id));
    state.played = kept[kept.length - 1] || null;
  }

  function remember(id) {
    const kept = (sessionStorage.getItem("wall-played") || "").split(",").filter(Boolean);
    sessionStorage.setItem("wall-played", kept.concat(id).slice(-20).join(","));
    state.played = id;
  }

  function offer(doc) {
    const events = new Map((doc.events || []).map((event) => [String(event.id), event]));
    state.queue = state.queue.map((event) => events.get(String(event.id))).filter(Boolean);
    if (state.current) follow(events.get(String(state.current.id)));
    events.forEach(function (event, id) {
      if (state.known.has(id) || id <= state.last) return;
      state.known.add(id);
      if (isFresh(event)) state.queue.push(event);
    });
    state.queue = state.queue.slice(-LONGEST);
    tell();
  }

  // No longer among the news: taken back, unless it has merely grown old while somebody held it.
  function follow(event) {
    if (event) fill(event);
    else if (isFresh(state.current)) close();
  }

  function fill(event) {
    state.current = event;
    update = update || Wall.bind(Wall.get("xibao"));
    update(event);
  }

  function open(event) {
    fill(event);
    state.since = ticks();
    remember(String(event.id));
    Wall.show(Wall.get("xibao"), true);
  }

  function close() {
    if (!state.current) return;
    state.current = null;
    state.ended = state.lit = ticks();
    Wall.show(Wall.get("xibao"), false);
    light(true);
  }

  function light(wanted) {
    document.querySelectorAll(".kpi.main .kpi-number b, .band-goal:first-child .band-number").forEach(function (node) {
      Wall.attr(node, "data-lit", wanted);
    });
  }

  function tell() {
    const waits = state.queue.length > 0 && Wall.rotation.isHeld();
    Wall.text(Wall.get("hint"), waits ? "喜报待播 " + state.queue.length : "");
    // The header has no room for both, and a held wall does not turn.
    Wall.show(Wall.get("dots"), !waits);
  }

  function tick() {
    state.queue = state.queue.filter(isFresh);
    tell();
    if (state.lit !== null && ticks() - state.lit >= LIT) {
      state.lit = null;
      light(false);
    }
    if (state.current) return ticks() - state.since >= SHOWN && !Wall.rotation.isFrozen() && close();
    const mayStart = state.queue.length && !Wall.rotation.isHeld() && !Wall.rotation.isNight();
    if (mayStart && ticks() - state.ended >= APART) open(state.queue.shift());
  }

  function rays() {
    let path = "";
    for (let ray = 0; ray < 36; ray += 1) {
      const [from, to] = [(ray * Math.PI) / 18, ((ray + 0.5) * Math.PI) / 18];
      const spots = [from, to].map((turn) => (960 + 1700 * Math.cos(turn)).toFixed(0) + " " + (470 + 1700 * Math.sin(turn)).toFixed(0));
      path += "M960 470L" + spots.join("L") + "Z";
    }
    Wall.get("rays").setAttribute("d", path);
  }

  function forget() {
    Object.assign(state, { queue: [], current: null, lit: null });
    update = null;
  }

  Wall.xibao = { offer, tick, close, rays, recall, forget, isOpen: () => Boolean(state.current), played: () => state.played };
})(window.Wall);
