// Which scene is shown and for how long, the keys, and what protects the glass.
(function (Wall) {
  "use strict";

  const PAUSE = 10 * 6e4;
  const AWAKE = 10 * 6e4;
  const SHIFT = 6e4;
  const IDLE = 3000;
  const RING = [[0, -4], [2, -2], [4, 0], [2, 2], [0, 4], [-2, 2], [-4, 0], [-2, -2]];
  const state = { scenes: [], index: 0, since: 0, paused: null, frozen: false, moved: 0, awake: 0, shifted: 0, step: 0 };
  let theme = { asked: null, given: null };

  const ticks = () => performance.now();

  function section(code) {
    return document.querySelector('[data-scene="' + code + '"]');
  }

  function nameOf(code) {
    return section(code).getAttribute("aria-label");
  }

  function show(index) {
    state.index = (index + state.scenes.length) % state.scenes.length;
    state.since = ticks();
    paint();
  }

  function paint() {
    const code = state.scenes[state.index].code;
    document.querySelectorAll("[data-scene]").forEach((node) => Wall.show(node, node.dataset.scene === code));
    Wall.text(Wall.get("scene-name"), nameOf(code));
    Wall.list(Wall.get("dots"), "dot", state.scenes.map((scene) => ({ code: scene.code, on: scene.code === code })), (dot) => dot.code);
  }

  function configure(settings) {
    const current = state.scenes.length ? state.scenes[state.index].code : null;
    const scenes = settings.scenes.filter((scene) => section(scene.code));
    if (!scenes.length) scenes.push({ code: "overview", seconds: 40 });
    state.scenes = scenes;
    const codes = scenes.map((scene) => scene.code);
    document.querySelectorAll("[data-scene]").forEach((node) => Wall.attr(node, "data-left-out", !codes.includes(node.dataset.scene)));
    state.index = Math.max(0, scenes.findIndex((scene) => scene.code === current));
    if (!state.since) state.since = ticks();
    paint();
    dress(settings);
    Object.assign(state, { from: minutes(settings.dim_from), to: minutes(settings.dim_to) });
  }

  function dress(settings) {
    if (settings.theme !== theme.given) theme = { asked: theme.given ? null : kept(), given: settings.theme };
    Wall.attr(document.documentElement, "data-theme", theme.asked || theme.given || "dark");
    Wall.attr(document.documentElement, "data-scheme", settings.scheme || "honor");
  }

  function kept() {
    return sessionStorage.getItem("wall-theme");
  }

  function changeTheme() {
    theme.asked = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    sessionStorage.setItem("wall-theme", theme.asked);
    Wall.attr(document.documentElement, "data-theme", theme.asked);
  }

  // Lit for a while after somebody opened it or pressed a key; not when it opened itself anew, and a preview always.
  function isAwake() {
    const [opened] = performance.getEntriesByType("navigation");
    const byItself = state.awake === 0 && opened && opened.type === "reload";
    return "preview" in document.body.dataset || (!byItself && ticks() - state.awake <= AWAKE);
  }

  function minutes(time) {
    const [hour, minute] = String(time || "0:0").split(":").map(Number);
    return hour * 60 + (minute || 0);
  }

  function isNight() {
    if (state.from === undefined || state.from === state.to) return false;
    const date = Wall.clock.wall();
    const at = date.getUTCHours() * 60 + date.getUTCMinutes();
    const inside = state.from < state.to ? at >= state.from && at < state.to : at >= state.from || at < state.to;
    return inside && !isAwake();
  }

  function dim() {
    const night = Wall.get("night");
    const wanted = isNight() && !Wall.xibao.isOpen();
    Wall.show(night, wanted);
    if (!wanted) return;
    const date = Wall.clock.wall();
    const step = date.getUTCHours() * 60 + date.getUTCMinutes();
    Wall.text(Wall.get("night-clock"), Wall.clock.hours(date));
    Wall.style(Wall.get("night-clock"), "left", 12 + ((step * 37) % 64) + "%");
    Wall.style(Wall.get("night-clock"), "top", 14 + ((step * 23) % 66) + "%");
  }

  function drift() {
    if (ticks() - state.shifted < SHIFT) return;
    state.shifted = ticks();
    state.step = (state.step + 1) % RING.length;
    const [x, y] = RING[state.step];
    Wall.style(Wall.get("stage"), "transform", "translate(" + x / 100 + "rem, " + y / 100 + "rem)");
  }

  function isHeld() {
    return state.frozen || state.paused !== null;
  }

  function tell() {
    Wall.text(Wall.get("held"), state.frozen ? "已定格" : state.paused !== null ? "已暂停" : "");
    Wall.attr(document.documentElement, "data-frozen", state.frozen);
  }

  function pause() {
    state.paused = state.paused === null ? ticks() : null;
    state.since = ticks();
    tell();
  }

  function freeze() {
    state.frozen = !state.frozen;
    state.since = ticks();
    tell();
  }

  function tick() {
    if (state.paused !== null && ticks() - state.paused >= PAUSE) pause();
    const scene = state.scenes[state.index];
    const isRunning = scene && !isHeld() && !Wall.xibao.isOpen() && state.scenes.length > 1;
    if (isRunning && ticks() - state.since >= scene.seconds * 1000) show(state.index + 1);
    dim();
    drift();
    Wall.attr(document.documentElement, "data-idle", ticks() - state.moved > IDLE);
  }

  function fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(function () {});
  }

  function help(wanted) {
    const node = Wall.get("help");
    Wall.show(node, wanted === undefined ? node.hidden : wanted);
  }

  function close() {
    help(false);
    Wall.xibao.close();
    if (state.frozen) freeze();
  }

  const KEYS = {
    ArrowLeft: () => show(state.index - 1),
    PageUp: () => show(state.index - 1),
    ArrowRight: () => show(state.index + 1),
    PageDown: () => show(state.index + 1),
    " ": pause,
    p: freeze,
    f: fullscreen,
    t: changeTheme,
    r: () => Wall.engine.refresh(),
    Escape: close,
    "?": () => help(),
    "？": () => help(),
  };

  function act(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !state.scenes.length) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const digit = Number(key);
    const known = KEYS[key] || (digit >= 1 && digit <= state.scenes.length && (() => show(digit - 1)));
    state.awake = ticks();
    if (!known) return;
    event.preventDefault();
    known();
    dim();
  }

  function listen() {
    document.addEventListener("keydown", act);
    document.addEventListener("mousemove", function () {
      state.moved = ticks();
      Wall.attr(document.documentElement, "data-idle", false);
    });
    document.addEventListener("contextmenu", function (event) {
      if (document.fullscreenElement) event.preventDefault();
    });
  }

  Wall.rotation = { configure, tick, listen, isHeld, isNight, isFrozen: () => state.frozen };
})(window.Wall);
