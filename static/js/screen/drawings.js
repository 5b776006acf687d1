// The map and the curve: inline pictures that are made once and then only told what changed.
(function (Wall) {
  "use strict";

  // The large one has the zones' names round it.
  const MAP_BOX = { small: "0 -1.6 50 44.2", large: "-2 -1.6 56 44.2" };
  // In hundredths of a rem: words in the curve are as large on every glass.
  const CURVE = { left: 70, top: 50, foot: 40, end: 140 };
  const LONG_FIGURE = 5;
  const FLAG_WORDS = { huge: "，有超100亿元项目", big: "，有50亿元以上项目" };

  function path(points) {
    return "M" + points.map((point) => point.join(" ")).join("L") + "Z";
  }

  function centre(points) {
    const sum = points.reduce((total, point) => [total[0] + point[0], total[1] + point[1]], [0, 0]);
    return [sum[0] / points.length, sum[1] / points.length];
  }

  function drawTown(svg, map, name) {
    const group = Wall.svg("g", { class: "town" }, svg);
    const at = (map.labels && map.labels[name]) || centre(map.polygons[name]);
    const pole = (map.flags && map.flags[name]) || [at[0] + 1.4, at[1] - 3.6];
    Wall.svg("path", { d: path(map.polygons[name]) }, group);
    const flag = Wall.svg("use", { href: "#flag", x: pole[0], y: pole[1] - 3.1, width: 2.2, height: 2.5 }, group);
    const label = Wall.svg("text", { x: at[0], y: at[1] - 0.3, class: "town-name" }, group);
    const figure = Wall.svg("text", { x: at[0], y: at[1] + 2, class: "town-figure" }, group);
    Wall.text(label, name);
    return { group: group, flag: flag, figure: figure };
  }

  function drawLake(svg, lake) {
    Array.from(lake.name).forEach(function (sign, index) {
      Wall.text(Wall.svg("text", { x: lake.at[0], y: lake.at[1] + index * 2.1, class: "lake" }, svg), sign);
    });
  }

  function drawMap(room, map) {
    const svg = Wall.svg("svg", { viewBox: map.box || MAP_BOX[room.dataset.map], class: "map", role: "img" }, room);
    (map.water || []).forEach((points) => Wall.svg("path", { d: path(points), class: "water" }, svg));
    const towns = {};
    Object.keys(map.polygons).forEach((name) => (towns[name] = drawTown(svg, map, name)));
    if (map.lake) drawLake(svg, map.lake);
    const zones = Wall.svg("g", { class: "zone-names" }, svg);
    return { svg: svg, towns: towns, zones: zones, map: map };
  }

  function nameZones(drawn, zones) {
    const places = drawn.map.zones || {};
    Object.keys(places).forEach(function (key, index) {
      const zone = zones.find((one) => one.name.includes(key));
      const [x, y, anchor] = places[key];
      const node = drawn.zones.children[index] || Wall.svg("text", { x: x, y: y, "text-anchor": anchor }, drawn.zones);
      Wall.text(node, zone ? zone.name : "");
    });
  }

  function patchTown(town, doc, fact) {
    const isBlank = fact.level === null;
    Wall.attr(town.group, "data-level", isBlank ? "blank" : String(fact.level || 0));
    Wall.attr(town.group, "data-by", doc.settings.map_by);
    Wall.attr(town.group, "data-tone", fact.tone);
    Wall.attr(town.flag, "data-tier", fact.flag);
    Wall.show(town.flag, fact.flag && fact.flag !== "none");
    Wall.attr(town.figure, "data-long", fact.landed_text.length > LONG_FIGURE);
    Wall.text(town.figure, fact.landed_text);
  }

  function mapLabel(doc) {
    const towns = doc.towns.map((town) => town.name + " " + town.landed_text + "亿" + (FLAG_WORDS[town.flag] || ""));
    return "作战地图，落在各镇街的投资：" + towns.join("；") + "。" + (Wall.uploaded ? "" : Wall.SKETCHED);
  }

  Wall.patchMap = function (room, doc) {
    const map = Wall.uploaded || Wall.sketch;
    let drawn = room.wallMap;
    if (!drawn || drawn.map !== map) {
      room.textContent = "";
      drawn = room.wallMap = drawMap(room, map);
    }
    Wall.attr(drawn.svg, "aria-label", mapLabel(doc));
    doc.towns.forEach(function (fact) {
      if (drawn.towns[fact.name]) patchTown(drawn.towns[fact.name], doc, fact);
    });
    if (room.dataset.map === "large") nameZones(drawn, doc.zones);
  };

  function curveScale(trend) {
    const [width, height] = curveRoom();
    const top = trend.top || 1;
    const bottom = height - CURVE.foot;
    return {
      width: width,
      height: height,
      bottom: bottom,
      right: width - CURVE.end,
      x: (share) => CURVE.left + share * (width - CURVE.left - CURVE.end),
      y: (ratio) => bottom - (ratio / top) * (bottom - CURVE.top),
    };
  }

  function line(points, scale) {
    const spots = (points || []).map((point) => scale.x(point[0]).toFixed(1) + " " + scale.y(point[1]).toFixed(1));
    return spots.length ? "M" + spots.join("L") : "";
  }

  // The room's proportions follow from the window's: a hidden scene has none to measure.
  function curveRoom() {
    const rem = parseFloat(document.documentElement.style.fontSize) || 100;
    const wide = window.innerWidth / rem;
    const high = window.innerHeight / rem;
    return [(wide - 0.7) / 2 - 0.4, (high - 2.62) / 2 - 0.86].map((length) => Math.round(length * 100));
  }

  Wall.curve = function (trend, months) {
    const scale = curveScale(trend);
    const goal_y = scale.y(1);
    const landed = line(trend.ends, scale);
    const now = spot(trend.ends, scale);
    return Object.assign(now, {
      box: "0 0 " + scale.width + " " + scale.height,
      right: scale.right,
      goal_text: trend.goal_text,
      goal_x: scale.right + 16,
      goal_y: goal_y,
      goal_text_y: goal_y + 13,
      ticks: trend.ticks.map((tick) => ({ text: tick.text, y: scale.y(tick.at) + 9 })),
      grid: trend.ticks.map((tick) => "M" + CURVE.left + " " + scale.y(tick.at).toFixed(1) + "H" + scale.right).join(""),
      landed: landed,
      area: landed && landed + "L" + foot(trend.ends[trend.ends.length - 1], scale) + "L" + foot(trend.ends[0], scale) + "Z",
      signed: line(trend.signed, scale),
      signed_text: hasSigned(trend.signed) ? "已签约 " + trend.signed_text : "",
      signed_at: signedSpot(trend.signed, scale, now),
      need: line(trend.need, scale),
      pace: line(trend.pace, scale),
      months: months.filter((month, index) => index % 2).map((month) => ({ label: month.label, x: scale.x(month.at).toFixed(1), y: String(scale.height - 8) })),
    });
  };

  function foot(point, scale) {
    return scale.x(point[0]).toFixed(1) + " " + scale.bottom;
  }

  function spot(points, scale) {
    if (!points.length) return { has: false };
    const last = points[points.length - 1];
    const [x, y] = [scale.x(last[0]), scale.y(last[1])];
    // Below and after the end: both lines to the goal run above it.
    return { has: true, x: x, y: y, text_x: x + 16, text_y: y + 50 < scale.bottom ? y + 50 : y - 18 };
  }

  function hasSigned(points) {
    return points.length > 0 && points[points.length - 1][1] > 0;
  }

  // Over the figure of what landed where that had no room below its dot.
  function signedSpot(points, scale, now) {
    if (!points.length) return {};
    const [share, ratio] = points[points.length - 1];
    const lowest = now.text_y < now.y ? now.text_y - 44 : scale.bottom;
    return { x: Math.max(scale.x(share) + 6, CURVE.left + 190), y: Math.max(Math.min(scale.y(ratio) - 14, lowest), 26) };
  }
})(window.Wall);
