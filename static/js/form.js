// 登记: the answers to “is it the same enterprise?”. Without this file a clerk types the name instead.
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    const fill = event.target.closest("[data-fill]");
    if (fill) {
      const field = document.getElementById(fill.dataset.fill);
      field.value = fill.dataset.value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.focus();
    }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".ask").remove();
  });
})();
