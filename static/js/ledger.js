// 台账: a file dropped anywhere on the zone, its name in large; and word of a broken connection.
(function () {
  "use strict";

  function size(bytes) {
    return bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1048576).toFixed(1) + " MB";
  }

  function show(zone) {
    const file = zone.querySelector("input[type=file]").files[0];
    zone.classList.toggle("is-chosen", Boolean(file));
    if (file) zone.querySelector("[data-drop-name]").textContent = file.name + "（" + size(file.size) + "）";
  }

  function zoneOf(event) {
    return event.target.closest ? event.target.closest("[data-drop]") : null;
  }

  document.documentElement.classList.add("has-drop");

  document.addEventListener("change", function (event) {
    const zone = zoneOf(event);
    if (zone) show(zone);
  });

  ["dragenter", "dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      const zone = zoneOf(event);
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
      if (kind !== "drop" || !event.dataTransfer.files.length) return;
      zone.querySelector("input[type=file]").files = event.dataTransfer.files;
      show(zone);
    });
  });

  // A browser that comes back to the page still holds the file that was chosen.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("[data-drop]").forEach(show);
  });

  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      const broken = document.querySelector("[data-work-broken]");
      if (broken && event.target.matches("[data-work]")) broken.hidden = false;
    });
  });
})();
