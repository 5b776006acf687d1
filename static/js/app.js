// Conveniences only: every page works without this file.
(function () {
  "use strict";

  const menus = "details.menu, details.tab";

  function shut(except) {
    document.querySelectorAll(menus).forEach(function (menu) {
      if (menu.open && menu !== except) menu.open = false;
    });
  }

  document.addEventListener("click", function (event) {
    shut(event.target.closest(menus));
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open], details.tab[open]");
    shut(null);
    if (open) open.querySelector("summary").focus();
    const note = document.activeElement && document.activeElement.closest(".prov");
    if (note) note.blur();
  });

  // On a phone the filters start folded; without scripts they simply start open.
  const phone = window.matchMedia("(max-width: 767px)");
  document.querySelectorAll("details.filters").forEach(function (filters) {
    filters.open = !phone.matches;
  });

  const faults = document.getElementById("form-errors");
  if (faults) faults.focus();
})();
