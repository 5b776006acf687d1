// A page that stands where the wall should be looks for it again: nobody has to walk to the screen for that.
(function () {
  "use strict";

  const TIMEOUT = 8000;
  const again = Number(document.currentScript.dataset.seconds) * 1000;

  async function look() {
    const limit = new AbortController();
    const stop = setTimeout(() => limit.abort(), TIMEOUT);
    try {
      const response = await fetch(location.href, { cache: "no-store", credentials: "same-origin", signal: limit.signal });
      if (response.ok) return location.reload();
    } catch (fault) {
      // Nobody answers: what is shown is better than an error page.
    } finally {
      clearTimeout(stop);
    }
    setTimeout(look, again);
  }

  setTimeout(look, again);
})();
