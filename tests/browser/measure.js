// Looks at every scene where it stands: which boxes of text leave the glass, their panel or a box that hides what
// overflows, which neighbours run into each other, how small the smallest text is. An ellipsis is a decision.
() => {
  const unit = Math.min(innerWidth / 1920, innerHeight / 1080);
  const faults = [];
  let smallest = 1e9;
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) faults.push("scrolls");
  const clips = (node) => {
    const style = getComputedStyle(node);
    return style.overflowX !== "visible" && style.textOverflow !== "ellipsis";
  };
  const look = (scene) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const owner = node.parentElement;
      if (!node.data.trim() || !owner.getClientRects().length || owner.closest(".unseen, script, template")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const size = parseFloat(getComputedStyle(owner).fontSize);
      const scale = owner.ownerSVGElement ? owner.getScreenCTM().d : 1;
      smallest = Math.min(smallest, (size * scale) / unit);
      const slack = size * scale * 0.1;
      for (const box of range.getClientRects()) {
        const bounds = [[root, { left: 0, top: 0, right: innerWidth, bottom: innerHeight }]];
        const panel = owner.closest(".honour-cards li, .panel, .chip, .outage");
        if (panel) bounds.push([panel, panel.getBoundingClientRect()]);
        const slot = owner.closest(".slot");
        if (slot) bounds.push([slot, { left: 0, top: 0, right: slot.getBoundingClientRect().right, bottom: innerHeight }]);
        for (let up = owner; up && up !== document.body; up = up.parentElement)
          if (clips(up)) bounds.push([up, up.getBoundingClientRect()]);
        for (const [what, frame] of bounds) {
          const ellipsed = owner.closest(".item-name, .item-more, .band-name, .xibao-project");
          const tooWide = !ellipsed && (box.left < frame.left - slack || box.right > frame.right + slack);
          if (tooWide || box.top < frame.top - slack || box.bottom > frame.bottom + slack * 3)
            faults.push(scene + ": " + node.data + " leaves " + (what.getAttribute("class") || what.tagName));
        }
      }
    }
    for (const row of document.querySelectorAll("[data-scene]:not([hidden]) :is(h2, .kpi-foot, .kpi-row, .zone-teams, tr, .count p, .band-goal, .head)")) {
      if (!row.getClientRects().length) continue;
      const texts = Array.from(row.children).filter((child) => child.getClientRects().length && !child.closest("thead"));
      for (let index = 1; index < texts.length; index += 1) {
        const [before, after] = [texts[index - 1].getBoundingClientRect(), texts[index].getBoundingClientRect()];
        if (after.width && before.width && before.right > after.left + 1 && before.top < after.bottom && after.top < before.bottom)
          faults.push(scene + ": " + texts[index - 1].textContent + " runs into " + texts[index].textContent);
      }
    }
  };
  const scenes = Array.from(document.querySelectorAll("[data-scene]"));
  const shown = scenes.find((scene) => !scene.hidden);
  scenes.forEach((scene) => {
    scenes.forEach((other) => { other.hidden = other !== scene; });
    look(scene.dataset.scene);
  });
  scenes.forEach((other) => { other.hidden = other !== shown; });
  return { faults: Array.from(new Set(faults)), smallest };
}
