// What makes the site quicker to use; everything works without it.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const steps = () => [...document.querySelectorAll("[data-step]")];
let current = -1;

function step(by) {
  const all = steps();
  if (!all.length) return;
  current = Math.min(Math.max(current + by, 0), all.length - 1);
  const target = all[current];
  const link = target.matches("a, mark") ? target : target.querySelector("a");
  if (!link.matches("a")) link.tabIndex = -1;
  link.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
  target.dispatchEvent(new CustomEvent("step", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const keys = {
    "/": () => {
      const box = document.querySelector("input[type=search]");
      if (!box) return location.assign("/");
      box.focus();
      box.select();
    },
    j: () => step(1),
    k: () => step(-1),
    "?": () => location.assign("/help#keys"),
  };
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

const facets = document.querySelector("details.facets");
if (facets && matchMedia("(min-width: 50.01rem)").matches) facets.open = true;
