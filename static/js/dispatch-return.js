// Coming back to the weekly entry: what this machine still holds is put into its boxes, and saved.
(() => {
  if (!window.weeklyEntry) return;
  const {
    form, cards, cardOf, isOpen, openCards, field, boxes, stateOf, draftOf, dropDraft, prefix, enqueue, say,
    showUnsent, element, focusBox, showMore,
  } = window.weeklyEntry;
  const saysTouch = window.matchMedia("(pointer: coarse)").matches;

  function restore(card) {
    const draft = draftOf(card.dataset.plan);
    if (!draft) return;
    const isDifferent = Object.entries(draft.values).some(([name, value]) => field(card, name) && field(card, name).value !== value);
    if (!isDifferent) {
      dropDraft(card.dataset.plan);
      return;
    }
    Object.entries(draft.values).forEach(([name, value]) => { if (field(card, name)) field(card, name).value = value; });
    // Its own version: should somebody have saved meanwhile, both texts will be shown.
    field(card, "version").value = draft.version;
    showMore(card);
    Object.assign(stateOf(card.dataset.plan), { unsaved: true, unanswered: draft.unanswered || [] });
    say(card, "已找回本机未保存的内容，正在补存", true);
    enqueue(card.dataset.plan, "save");
  }

  function showLeftover(card) {
    const draft = draftOf(card.dataset.plan);
    if (!draft) return;
    const texts = ["progress", "next_plan", "problem", "needs_help"].map((name) => draft.values[name]).filter(Boolean);
    const note = element("div", "notice notice-warning", `本机还有一份没有保存的内容：${texts.join("；")} `);
    const drop = element("button", "btn btn-plain btn-sm", "丢弃");
    drop.type = "button";
    drop.addEventListener("click", () => {
      dropDraft(card.dataset.plan);
      note.remove();
    });
    note.append(drop);
    card.querySelector("[data-conflict]").replaceChildren(note);
  }

  function otherWeeks() {
    try {
      const weeks = Object.keys(window.localStorage).filter((key) => key.startsWith(prefix)).map((key) => key.split(":")[2]);
      return [...new Set(weeks)].filter((week) => week !== form.dataset.week).sort();
    } catch {
      return [];
    }
  }

  function pointToOtherWeeks() {
    const weeks = otherWeeks();
    if (!weeks.length) return;
    const note = element("p", "notice notice-warning", "本机有其他周没有保存的内容，请打开补存：");
    weeks.forEach((week) => {
      const link = element("a", "", week.replace("-W", "年第").replace(/第0?(\d+)$/, "第$1周"));
      link.href = `?week=${week}`;
      note.append(link, " ");
    });
    form.before(note);
  }

  cards().forEach((card) => {
    if (!isOpen(card)) {
      showLeftover(card);
      return;
    }
    showMore(card);
    restore(card);
  });
  pointToOtherWeeks();
  showUnsent();

  document.addEventListener("entry:photo", (event) => {
    const card = cardOf(event.detail.plan);
    const place = card.querySelector("[data-warnings=photos]");
    place.replaceChildren(...event.detail.warnings.map((text) => element("p", "", text)));
    if (event.detail.warnings.length) card.classList.add("has-warnings");
  });

  // On a phone the keyboard would cover half of the page at once.
  if (!saysTouch) {
    const first = openCards().flatMap(boxes).find((box) => box.value === "");
    if (first) focusBox(first);
  }
})();
