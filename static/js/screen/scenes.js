// Puts a document on the five scenes, all of which stay in the page.
(function (Wall) {
  "use strict";

  const parts = Wall.parts;
  const STAGES = ["在谈", "签约", "落地", "开工", "投产"];
  const FEW_HONOURS = 18;
  const code = (item) => item.code;
  const byNumber = (item, index) => index;
  let update = null;

  function byCode(doc) {
    return new Map(doc.teams.map((team) => [team.code, team]));
  }

  function shownTeams(doc, group, teams) {
    return group.teams.map((key) => teams.get(key)).filter(Boolean);
  }

  function shortDay(day) {
    const [, month, date] = day.split("-").map(Number);
    return month + "月" + date + "日";
  }

  function frame(doc) {
    const is_muster = doc.phase === "muster";
    const has_ended = doc.phase === "ended";
    return {
      title: doc.campaign.title,
      slogan: doc.campaign.slogan,
      is_demo: doc.campaign.is_demo,
      is_internal: doc.audience === "internal",
      is_muster: is_muster,
      is_assessed: !is_muster,
      has_ended: has_ended && !doc.lookback,
      counts_down: !has_ended && !doc.lookback,
      days_left: doc.days_left,
      lookback: doc.lookback,
      lookback_day: shortDay(doc.as_of),
      pace_part: parts.part(doc.pace),
      pace_ratio: (doc.pace / parts.FIELD_END).toFixed(4),
      pace_ladder: parts.part(doc.pace, parts.LADDER_END),
      pace_word: has_ended ? "全年" : "序时进度",
      pace_shown: doc.pace_text + "%",
      axis_label: "年度时间轴，序时进度 " + doc.pace_text + "%" + (has_ended ? "，年度已结束" : "，距年终 " + doc.days_left + " 天"),
    };
  }

  function goals(doc) {
    const picked = parts.pickedGoals(doc);
    return {
      main: picked.sums[0] || {},
      second: picked.sums[1] || {},
      counts: picked.counts,
      band: picked.sums.concat(picked.counts),
      exactly_text: picked.counts.map((goal) => goal.exactly_text).filter(Boolean).join("；"),
    };
  }

  function news(doc) {
    const blockers = doc.blockers || [];
    const some_judged = doc.fast > 0 || doc.slow > 0 || !doc.awaiting;
    return {
      added_text: doc.added_text,
      no_latest: !doc.latest.length,
      blocked: doc.blocked,
      silent: doc.silent,
      no_blockers: !blockers.length,
      fast: String(doc.fast),
      slow: String(doc.slow),
      some_judged: some_judged,
      slow_told: some_judged && doc.audience === "internal",
      awaiting: doc.awaiting ? String(doc.awaiting) : "",
    };
  }

  function field(doc) {
    const is_muster = doc.phase === "muster";
    // Guests are told of those who are ahead: their number is not that of all.
    const all = doc.audience === "internal" || is_muster ? doc.teams.length + "面战旗" : "战旗";
    const none = doc.teams.length ? "旗顶为军令状完成率，空心段为已签约" : "红旗待夺";
    const recruiting = doc.teams.filter((team) => !team.is_service).length;
    return {
      flags_title: all,
      flags_words: is_muster ? "出征 · 尚未开评" : doc.awaiting && doc.awaiting === recruiting ? "任务待下达，旗上为落地亿元" : none,
      flags_label: is_muster ? all + "都在起跑线，尚未开评" : all + "：" + doc.fast + "支快于序时" + slowWords(doc),
      crowded: doc.teams.length > parts.CROWDED,
      full_shown: !is_muster && doc.pace < (doc.teams.length > parts.CROWDED ? 0.55 : 0.8),
    };
  }

  function slowWords(doc) {
    const slow = doc.audience === "internal" && doc.slow !== undefined ? "，" + doc.slow + "支慢于序时" : "";
    return slow + (doc.awaiting ? "，" + doc.awaiting + "支任务待下达" : "");
  }

  function mapWords(doc) {
    const byPace = doc.settings.map_by === "pace";
    const uploaded = doc.settings.map && Wall.uploaded;
    const elsewhere = doc.elsewhere_text ? " · 另有 " + doc.elsewhere_text + " 亿元不在各镇街" : "";
    return {
      map_by: doc.settings.map_by,
      map_words: byPace ? "按快慢 · 亿元" : "落在本镇 · 亿元",
      map_note: (uploaded ? doc.settings.map.note : Wall.SKETCHED) + elsewhere,
      map_source: uploaded ? doc.settings.map.note.split("　").pop() : Wall.SKETCHED,
      legend_low: byPace ? "慢" : "少",
      legend_high: byPace ? "快" : "多",
      no_big: !doc.big.length,
      no_movers: doc.movers.length ? "" : doc.phase === "muster" ? "尚未开评，红旗待夺" : "本月暂无升位",
    };
  }

  function honours(doc) {
    const shown = honoured(doc);
    return {
      honours_halves: String(2 * honourColumns(shown.length)),
      honours_title: doc.phase === "muster" ? "出征" : "红旗榜",
      honours_words: doc.phase === "muster" ? "尚未开评" : "快于序时的队伍",
      honours_crowded: shown.length > FEW_HONOURS,
      no_honours: shown.length ? "" : "红旗待夺",
    };
  }

  // Rows as even as can be: fifteen are three of five.
  function honourColumns(number) {
    const rows = number <= FEW_HONOURS ? Math.ceil(number / 6) : Math.max(4, Math.ceil(number / 9));
    return Math.max(4, Math.ceil(number / (rows || 1)));
  }

  function honoured(doc) {
    if (doc.phase === "muster") return doc.teams.filter((team) => !team.is_service);
    // As they stand on the ladders: who is furthest in each group comes first.
    const teams = byCode(doc);
    const ordered = doc.groups.reduce((all, group) => all.concat(shownTeams(doc, group, teams)), []);
    return ordered.filter((team) => team.tone === "fast" || team.tone === "done");
  }

  function curve(doc, main) {
    const drawn = Wall.curve(doc.trend, doc.campaign.months);
    const about = (main.name || "") + "走势：" + (main.actual_text || "") + "，目标 " + drawn.goal_text + " 亿元";
    return { trend: drawn, trend_label: about, trend_title: (main.name || "") + "走势" };
  }

  function viewOf(doc) {
    const view = Object.assign(frame(doc), goals(doc), news(doc), field(doc), mapWords(doc), honours(doc));
    return Object.assign(view, curve(doc, view.main));
  }

  function drawFrame(doc, view) {
    const where = chipAt(doc);
    const months = doc.campaign.months.map((month) => Object.assign({ shown: Math.abs(month.at - where) > 0.068 }, month, { at: parts.part(month.at) }));
    Wall.list(Wall.get("months"), "month", months, (month) => month.label);
    Wall.style(Wall.get("axis-chip"), "--at", parts.part(where));
    Wall.list(Wall.get("trend-months"), "curve-month", view.trend.months, (month) => month.label);
    Wall.list(Wall.get("trend-ticks"), "curve-tick", view.trend.ticks, byNumber);
  }

  function chipAt(doc) {
    return Math.min(Math.max(doc.pace, 0.045), 0.955);
  }

  function drawNews(doc, view) {
    Wall.list(Wall.get("counts"), "count", view.counts, code, function (node, goal) {
      Wall.list(node.querySelector(".mini"), "mini", parts.minis(goal), (mini) => mini.key);
    });
    const latest = doc.latest.map((item) => Object.assign({ label_tone: item.label === "签约" ? "signed" : "landed" }, item));
    Wall.list(Wall.get("latest"), "latest", latest.slice(0, 4), byNumber);
    Wall.list(Wall.get("latest-more"), "latest", latest.slice(0, 4), byNumber);
    const blockers = (doc.blockers || []).map((item) => Object.assign({}, item, { days_shown: item.days > 0, days: String(item.days) }));
    Wall.list(Wall.get("blockers"), "blocker", blockers.slice(0, 2), byNumber);
    Wall.list(Wall.get("blockers-more"), "blocker", blockers.slice(0, 4), byNumber);
  }

  function drawFlags(doc, teams) {
    const groups = doc.groups.map((group) => Object.assign({ size: String(group.teams.length) }, group));
    Wall.list(Wall.get("flags"), "group", groups, code, function (node, group) {
      Wall.list(node, "flag", shownTeams(doc, group, teams).map((team) => parts.teamOf(doc, team)), code);
    });
  }

  function drawLadders(doc, teams) {
    [doc.groups.slice(0, 1), doc.groups.slice(1, 2), doc.groups.slice(2)].forEach(function (groups, index) {
      Wall.list(Wall.get("column-" + index), "ladder", groups.map((group) => ladderOf(doc, group, teams)), code, function (node, group) {
        const rows = group.members.map((team) => parts.rankOf(doc, team));
        Wall.list(node.querySelector("tbody"), "rank", rows, code);
      });
    });
    const movers = doc.movers.map((mover) => Object.assign({ name: (teams.get(mover.code) || {}).name }, mover));
    Wall.list(Wall.get("movers"), "mover", movers, code);
  }

  function ladderOf(doc, group, teams) {
    const members = shownTeams(doc, group, teams);
    const isRecruiting = members.some((team) => !team.is_service);
    const has_pace = parts.isAssessed(doc) && isRecruiting && members.some((team) => !team.awaits);
    const units = !isRecruiting ? "" : members.every((team) => team.awaits) ? "落地" : "落地/军令状 亿元";
    return Object.assign({}, group, {
      members: members,
      has_pace: has_pace,
      units: (has_pace ? " · " : "") + units,
      size_text: members.length + " 支",
      weight: String(members.length),
      who: Math.max.apply(null, members.map((team) => team.short_name.length)) * 0.32 + 0.08 + "rem",
    });
  }

  function drawZones(doc, teams) {
    document.querySelectorAll("[data-map]").forEach((room) => Wall.patchMap(room, doc));
    const zones = doc.zones.map((zone) => parts.zoneOf(doc, zone));
    Wall.list(Wall.get("zone-cards"), "zone", zones, code, function (node, zone) {
      const members = shownTeams(doc, zone, teams).map((team) => parts.teamOf(doc, team));
      Wall.list(node.querySelector(".zone-teams"), "zone-team", members, code);
    });
    Wall.list(Wall.get("zone-big"), "zone-big", doc.big.filter((item) => item.tier !== "talk").slice(0, 4), byNumber);
  }

  function drawProjects(doc) {
    const funnel = doc.funnel.map((step) => Object.assign({}, step, { part: parts.part(step.part), count: String(step.count) }));
    Wall.list(Wall.get("funnel"), "funnel", funnel, (step) => step.stage);
    const big = doc.big.slice(0, 6).map((item) => Object.assign({}, item, {
      reached: String(item.reached),
      pending_step: item.pending === true ? String(item.reached + 1) : null,
      label: item.name + "，走到" + STAGES[item.reached],
    }));
    Wall.list(Wall.get("big"), "big", big, byNumber);
  }

  function drawHonours(doc) {
    const shown = honoured(doc);
    const columns = honourColumns(shown.length);
    const left = shown.length % columns;
    // Columns count halves, so that a last row that is short stands in the middle.
    const start = (index) => (left && index === shown.length - left ? String(columns - left + 1) : "auto");
    const cards = shown.map((team, index) => Object.assign(parts.teamOf(doc, team), { start: start(index) }));
    Wall.list(Wall.get("honours"), "honour", cards, code);
  }

  Wall.forget = function () {
    update = null;
  };

  Wall.draw = function (doc) {
    update = update || Wall.bind(Wall.get("stage"));
    const view = viewOf(doc);
    const teams = byCode(doc);
    update(view);
    drawFrame(doc, view);
    drawNews(doc, view);
    drawFlags(doc, teams);
    drawLadders(doc, teams);
    drawZones(doc, teams);
    drawProjects(doc);
    drawHonours(doc);
  };
})(window.Wall);
