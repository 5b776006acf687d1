// From the document to what the templates name. Nothing that somebody reads is computed here: words are joined, lengths
// are capped at the end of an axis.
(function (Wall) {
  "use strict";

  const LADDER_END = 1.12;
  const FIELD_END = 1.14;
  const CROWDED = 32;
  // Less of an outline than this is a blot over its flag.
  const LEAST_SIGNED = 0.05;
  const TONES = { fast: "快于序时", slow: "慢于序时", done: "已完成" };

  function part(ratio, end) {
    return (Math.max(0, Math.min((ratio || 0) / (end || 1), 1)) * 100).toFixed(2) + "%";
  }

  function isAssessed(doc) {
    return doc.phase !== "muster";
  }

  function percent(text) {
    return text ? text + "%" : "";
  }

  function marked(doc, thing) {
    const tone = isAssessed(doc) || thing.kind === "count" ? thing.tone : "none";
    return tone || "none";
  }

  function goalOf(doc, goal) {
    if (!goal) return null;
    const tone = marked(doc, goal);
    const judged = isAssessed(doc) && goal.pace !== null && goal.pace !== undefined;
    const unit = goal.unit === "亿元" ? "亿" : goal.unit;
    return Object.assign({}, goal, {
      tone: tone,
      aside: goal.as_of_text || (goal.pending_text ? "待认定 " + goal.pending_text + " 亿" : goal.actual_text ? "" : "还没有数"),
      actual_text: goal.actual_text || "–",
      goal_word: goal.over ? "目标超" : "目标",
      goal_unit: goal.unit,
      goal_short: "/ " + goal.goal_text + unit,
      solid: part(goal.completion),
      signed: part(goal.signed_ratio),
      pace_part: part(goal.pace),
      has_signed: (goal.signed_ratio || 0) > (goal.completion || 0),
      has_pace: judged,
      is_over: goal.completion >= 1,
      points_text: judged ? goal.points_text : "",
      state_text: isAssessed(doc) ? goal.state_text : "出征 · 尚未开评",
      band_text: goal.kind === "count" ? goal.remaining_text : bandText(judged, goal),
      label: goalLabel(goal),
      flags_shown: goal.want > 1,
      sealed: goal.want <= 1 && goal.is_done,
      plain_open: goal.want <= 1 && !goal.is_done,
      more: goal.got > goal.want && goal.want > 1 ? "+" + (goal.got - goal.want) : "",
    });
  }

  function bandText(judged, goal) {
    if (!judged) return percent(goal.rate_text);
    return goal.points_text ? goal.points_text + " 百分点" : goal.state_text;
  }

  function goalLabel(goal) {
    if (goal.kind === "count") return goal.name + " " + goal.got + " 个，目标 " + goal.want + " 个";
    return [
      goal.name + " " + goal.actual_text + goal.unit,
      goal.signed_text ? "已签约 " + goal.signed_text : "",
      goal.rate_text ? "完成 " + percent(goal.rate_text) : "",
      goal.state_text,
    ].filter(Boolean).join("，");
  }

  function minis(goal) {
    const wanted = Math.min(goal.want || 0, 6);
    return Array.from({ length: wanted }, (_, index) => ({ got: index < goal.got, key: index }));
  }

  // A task force's figure is its 响应率: drawn like the others, though no task of money stands behind it.
  function reached(team) {
    if (team.is_service) return team.rate_text ? Number(team.rate_text) / 100 : null;
    return team.completion === undefined ? null : team.completion;
  }

  function teamOf(doc, team) {
    const waits = team.awaits ? "任务待下达" : "";
    const completion = reached(team);
    const drawn = isAssessed(doc) && !waits && completion !== null;
    const tone = isAssessed(doc) ? team.tone || "none" : "none";
    // What guests are not told is left out, not told in another unit.
    const isMoney = !team.is_service && (Boolean(waits) || !isAssessed(doc));
    return Object.assign({}, team, {
      tone: tone,
      waits: waits,
      at: drawn ? part(completion, FIELD_END) : "0%",
      signed: drawn ? part(team.signed_ratio, FIELD_END) : "0%",
      has_signed: drawn && Math.min(team.signed_ratio || 0, FIELD_END) - completion > LEAST_SIGNED,
      is_over: drawn && completion >= 1,
      sum: waits && !team.is_service ? team.landed_text : "",
      figure: drawn && team.rate_text ? team.rate_text : isMoney ? team.landed_text : "",
      figure_unit: drawn && team.rate_text ? "%" : isMoney ? "亿" : "",
      figure_word: drawn && team.is_service && team.rate_text ? "响应率" : "",
      unit_shown: isMoney,
    });
  }

  function rankOf(doc, team) {
    const completion = reached(team);
    const has = completion !== null && !team.awaits;
    return Object.assign({}, teamOf(doc, team), {
      rank_text: (isAssessed(doc) && team.rank) || "–",
      is_first: isAssessed(doc) && team.rank === 1,
      has_bar: has,
      has_pace: has && !team.is_service && isAssessed(doc),
      has_signed: has && (team.signed_ratio || 0) > completion,
      solid: part(completion, LADDER_END),
      signed: part(team.signed_ratio, LADDER_END),
      is_over: completion >= 1,
      is_done: isAssessed(doc) && team.tone === "done" && !team.is_service,
      rate_text: has ? team.rate_whole || team.rate_text : "",
      sum: team.is_service ? "" : team.landed_text,
      sum_more: team.is_service ? "响应率" : has && team.value_text ? "/" + team.value_text : " 亿",
      label: [team.short_name, percent(team.rate_text), TONES[team.tone]].filter(Boolean).join(" "),
    });
  }

  function zoneOf(doc, zone) {
    const known = zone.completion !== null && zone.completion !== undefined;
    const waits = zone.awaits ? "任务待下达" : "";
    return Object.assign({}, zone, {
      tone: isAssessed(doc) ? zone.tone || "none" : "none",
      value_more: zone.value_text ? " / " + zone.value_text : "",
      solid: part(zone.completion),
      signed: part(zone.signed_ratio),
      pace_part: part(doc.pace),
      has_signed: (zone.signed_ratio || 0) > (zone.completion || 0),
      has_pace: known && isAssessed(doc),
      is_over: zone.completion >= 1,
      waits: waits,
      has_bar: known,
      is_bare: !known,
      label: [zone.name, "落地 " + zone.landed_text + " 亿元", percent(zone.rate_text), zone.state_text].filter(Boolean).join(" "),
    });
  }

  function pickedGoals(doc) {
    const sums = doc.goals.filter((goal) => goal.kind !== "count").slice(0, 2);
    const counts = doc.goals.filter((goal) => goal.kind === "count").slice(0, 2);
    return { sums: sums.map((goal) => goalOf(doc, goal)), counts: counts.map((goal) => goalOf(doc, goal)) };
  }

  Wall.parts = { part, percent, isAssessed, minis, teamOf, rankOf, zoneOf, pickedGoals, LADDER_END, FIELD_END, CROWDED };
})(window.Wall);
