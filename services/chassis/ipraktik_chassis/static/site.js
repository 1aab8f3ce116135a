// What a script adds to pages that work without it: focus on what is wrong, a count of what is left to write, one send per press.
(() => {
  "use strict";
  const summary = document.getElementById("error-summary");
  if (summary) {
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#"]');
      const field = link && document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      const group = field.closest("fieldset") || field.closest(".form-group") || field;
      group.scrollIntoView();
      field.focus({ preventScroll: true });
    });
  }
  for (const group of document.querySelectorAll(".form-limit[data-maxlength]")) {
    const area = group.querySelector("textarea");
    const shown = group.querySelector(".character-limit");
    const said = group.querySelector("[aria-live]");
    const most = Number(group.dataset.maxlength);
    let later = 0;
    const count = () => {
      const left = most - area.value.length;
      shown.textContent = `${Math.abs(left).toLocaleString(document.documentElement.lang)} ${left < 0 ? group.dataset.over : group.dataset.left}`;
      clearTimeout(later);
      later = setTimeout(() => { said.textContent = shown.textContent; }, 1000);
    };
    area.addEventListener("input", count);
    if (area.value) count();
  }
  for (const form of document.querySelectorAll('form[method="post"]')) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
    });
    // a page that comes back from the browser's memory may be sent again
    addEventListener("pageshow", (event) => { if (event.persisted) sent = false; });
  }
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
