// The server's clock, in the server's time zone, whatever this machine believes.
(function (Wall) {
  "use strict";

  const MINUTE = 6e4;
  const HOUR = 60 * MINUTE;
  const SHANGHAI = 8 * HOUR;
  const STALE_AT_WORK = 15 * MINUTE;
  const STALE_AT_REST = 12 * HOUR;
  const WEEK = "日一二三四五六";
  const base = { epoch: Date.now(), offset: SHANGHAI, ticks: performance.now(), header: 0, at: 0 };
  let vouched = Date.now();

  function offsetOf(moment) {
    const found = /([+-])(\d\d):?(\d\d)$/.exec(moment);
    if (!found) return SHANGHAI;
    return (found[1] === "-" ? -1 : 1) * (Number(found[2]) * HOUR + Number(found[3]) * MINUTE);
  }

  function set(moment, header) {
    base.epoch = base.at = Date.parse(moment);
    base.offset = offsetOf(moment);
    base.ticks = performance.now();
    base.header = Date.parse(header) || 0;
  }

  // An answer without a body says the time in its head; a machine that slept has lost its own count.
  function confirm(header) {
    const said = Date.parse(header);
    if (!said || !base.header) return;
    const passed = said - base.header;
    if (Math.abs(base.at + passed - now()) < 2 * MINUTE) return;
    base.epoch = base.at + passed;
    base.ticks = performance.now();
  }

  function now() {
    return base.epoch + performance.now() - base.ticks;
  }

  // A date whose UTC fields are what the clock on the wall shows.
  function wall(epoch) {
    return new Date((epoch === undefined ? now() : epoch) + base.offset);
  }

  function two(number) {
    return (number < 10 ? "0" : "") + number;
  }

  function hours(date) {
    return two(date.getUTCHours()) + ":" + two(date.getUTCMinutes());
  }

  function dayWords(date) {
    return date.getUTCMonth() + 1 + "月" + date.getUTCDate() + "日";
  }

  function momentWords(epoch, day) {
    const then = wall(epoch);
    return then.toISOString().slice(0, 10) === (day || wall().toISOString().slice(0, 10)) ? hours(then) : dayWords(then) + " " + hours(then);
  }

  function isAtWork(date) {
    const minutes = date.getUTCHours() * 60 + date.getUTCMinutes();
    return date.getUTCDay() % 6 !== 0 && minutes >= 510 && minutes < 1080;
  }

  // Up to when the server stands for the figures: a document says it, an answer without one means now.
  function vouch(moment) {
    vouched = Date.parse(moment) || now();
  }

  function age() {
    return now() - vouched;
  }

  // A demonstration is played on a day of its own: the date is that day's, and nothing grows old.
  function isPlayed(doc) {
    return doc.campaign.is_demo && !wall().toISOString().startsWith(doc.as_of);
  }

  function isStale(doc) {
    if (doc.lookback || !doc.facts_at || isPlayed(doc)) return false;
    return age() > (isAtWork(wall()) ? STALE_AT_WORK : STALE_AT_REST);
  }

  function ageWords(milliseconds) {
    if (milliseconds < HOUR) return Math.floor(milliseconds / MINUTE) + " 分钟";
    if (milliseconds < 48 * HOUR) return Math.floor(milliseconds / HOUR) + " 小时";
    return Math.floor(milliseconds / (24 * HOUR)) + " 天";
  }

  function dataMoment(doc) {
    return isPlayed(doc) ? momentWords(Math.min(Date.parse(doc.facts_at), now()), doc.as_of) : momentWords(vouched);
  }

  function dataWords(doc) {
    if (doc.lookback) return "回看当日";
    if (!doc.facts_at) return "尚无填报";
    return isStale(doc) ? "数据已 " + ageWords(age()) + "未更新" : "数据截至 " + dataMoment(doc);
  }

  function todayWords(doc, date) {
    if (doc.lookback) return "距年终 " + doc.days_left + " 天";
    return isPlayed(doc) ? doc.as_of_text : dayWords(date) + " 星期" + WEEK[date.getUTCDay()];
  }

  function show(doc) {
    const date = wall();
    Wall.text(Wall.get("clock"), hours(date));
    Wall.text(Wall.get("today"), todayWords(doc, date));
    Wall.text(Wall.get("moment-text"), dataWords(doc));
  }

  Wall.clock = { set, confirm, vouch, now, wall, hours, momentWords, dataMoment, isStale, show };
})(window.Wall);
