// Reporting from the weekly entry's cards with buttons or with the keyboard alone.
(() => {
  if (!window.weeklyEntry) return;
  const {
    form, cards, isOpen, isShown, openCards, field, boxes, nameOf, stateOf, keepDraft, enqueue, transmit,
    settle, tell, alert, hush, firstWrong, focusBox, follow, showMore, typed,
  } = window.weeklyEntry;
  const NOTHING_NEW = form.dataset.nothingNew;
  const saysTouch = window.matchMedia("(pointer: coarse)").matches;

  // Submitting

  function lacking(card) {
    const missing = {};
    card.querySelectorAll("[data-needed]").forEach((box) => {
      if (field(card, box.dataset.box).value.trim() === "") missing[box.dataset.box] = [box.dataset.needed];
    });
    if (field(card, "problem").value.trim() && !field(card, "problem_kind").value) missing.problem_kind = ["请选择问题类型。"];
    if (card.classList.contains("has-warnings") && !field(card, "explanation").value.trim()) missing.explanation = ["请写一句上面黄色提示的原因。"];
    return missing;
  }

  function submitCard(card, moves) {
    const missing = lacking(card);
    if (Object.keys(missing).length) {
      tell(card, "errors", missing);
      focusBox(firstWrong(card));
      return;
    }
    alert("");
    enqueue(card.dataset.plan, `submit:${card.dataset.plan}`);
    if (moves) moveOn(card);
  }

  // To the next open card, from the last one to those left behind; at the very end to the button.
  function moveOn(card) {
    const open = openCards();
    const at = open.indexOf(card);
    const next = [...open.slice(at + 1), ...open.slice(0, at)].find((each) => !stateOf(each.dataset.plan).queued || stateOf(each.dataset.plan).queued === "save");
    if (next) focusBox(boxes(next)[0]);
    else form.querySelector(".entry-bar [value=submit_all]").focus();
  }

  // From the card last typed in over those already reported to the next open one, from the last one to the first.
  let lastCard = null;
  form.addEventListener("focusin", (event) => { lastCard = event.target.closest(".report") || lastCard; });
  form.querySelector("[data-next-open]")?.addEventListener("click", () => {
    const open = openCards();
    const follows = (card) => lastCard && lastCard.compareDocumentPosition(card) & Node.DOCUMENT_POSITION_FOLLOWING;
    const next = open.find((card) => card !== lastCard && follows(card)) || open[0];
    if (!next) return;
    next.scrollIntoView({ block: "start", behavior: "instant" });
    focusBox(boxes(next)[0]);
  });

  async function submitAll() {
    const plans = cards().filter(isOpen).map((card) => card.dataset.plan).filter((plan) => !stateOf(plan).conflict);
    if (!plans.length) return;
    alert("");
    plans.forEach((plan) => window.clearTimeout(stateOf(plan).timer));
    const ready = Promise.all(plans.map((plan) => stateOf(plan).chain));
    const done = ready.then(() => transmit(plans, "submit_all"));
    plans.forEach((plan) => { stateOf(plan).chain = done; });
    const answer = await done;
    if (!answer) return;
    const left = openCards().filter((card) => firstWrong(card));
    if (answer.is_complete) {
      document.getElementById("entry-head").scrollIntoView({ block: "start" });
      hush(document.querySelector(".entry-done").textContent);
    } else if (left.length) {
      alert(`还有 ${left.length} 项没有报送，缺的已标红。`);
      focusBox(firstWrong(left[0]));
    }
  }

  function nothingNew(card, order) {
    const [, plan, reason] = order.split(":");
    card.querySelector(".no-change").open = false;
    if (reason !== "other") {
      enqueue(plan, order);
      if (!saysTouch) moveOn(card);
      return;
    }
    const progress = field(card, "progress");
    if (!progress.value.startsWith(NOTHING_NEW)) progress.value = NOTHING_NEW;
    if (field(card, "ytd_investment").value === "") field(card, "week_investment").value = "0";
    follow(field(card, "week_investment"));
    if (field(card, "works_percent").value === "") field(card, "works_percent").value = card.dataset.percent;
    typed(progress);
    focusBox(progress);
    progress.setSelectionRange(progress.value.length, progress.value.length);
  }

  form.addEventListener("click", (event) => {
    const taken = event.target.closest("[data-take]");
    if (taken) {
      const card = taken.closest(".report");
      field(card, taken.dataset.take).value = taken.dataset.value;
      follow(field(card, taken.dataset.take));
      showMore(card);
      keepDraft(card);
      return;
    }
    const button = event.target.closest("button[name=do]");
    if (!button) return;
    event.preventDefault();
    const card = button.closest(".report");
    const [verb] = button.value.split(":");
    if (button.matches("[data-settle]")) settle(card);
    else if (verb === "submit_all") submitAll();
    else if (verb === "submit") submitCard(card, !saysTouch);
    else if (verb === "no_change") nothingNew(card, button.value);
    else if (verb === "delete_photo") enqueue(card.dataset.plan, button.value).then((answer) => {
      if (answer && !answer.cards[card.dataset.plan].refused) button.closest(".photo").remove();
    });
    else if (card) enqueue(card.dataset.plan, button.value);
  });
  // Enter in a box never sends the page.
  form.addEventListener("submit", (event) => event.preventDefault());

  // Walking with the keyboard

  function step(control) {
    const card = control.closest(".report");
    const all = boxes(card);
    const next = all.slice(all.indexOf(control) + 1).find((each) => !each.closest(".is-derived"));
    if (next) focusBox(next);
    else moveOn(card);
  }

  function sameColumn(control, by) {
    const open = openCards();
    const card = open[open.indexOf(control.closest(".report")) + by];
    if (!card) return false;
    const target = field(card, nameOf(control));
    focusBox(isShown(target) ? target : field(card, "problem"));
    return true;
  }

  // The caret's line among the lines as they are broken on the screen: measured in a copy of the box.
  function isAtEdge(box, by) {
    if (box.tagName !== "TEXTAREA") return true;
    if (box.selectionStart !== box.selectionEnd) return false;
    const ruler = document.createElement("div");
    const look = window.getComputedStyle(box);
    ["font", "letterSpacing", "lineHeight", "overflowWrap"].forEach((name) => { ruler.style[name] = look[name]; });
    Object.assign(ruler.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", width: `${box.clientWidth - parseFloat(look.paddingLeft) - parseFloat(look.paddingRight)}px` });
    document.body.append(ruler);
    const height = (text) => {
      ruler.textContent = text || "\u200b";
      return ruler.offsetHeight;
    };
    const before = box.value.slice(0, box.selectionStart);
    const isEdge = by < 0 ? height(before) === height("") : height(before) === height(box.value);
    ruler.remove();
    return isEdge;
  }

  function toggleHints() {
    const hints = form.querySelector(".entry-hints");
    hints.open = !hints.open;
  }

  function reasonKey(event, menu) {
    const button = /^[1-9]$/.test(event.key) && menu.querySelectorAll("button")[Number(event.key) - 1];
    if (button) button.click();
    return Boolean(button);
  }

  // A menu that opens below the window's edge comes into sight.
  form.addEventListener("toggle", (event) => {
    if (event.target.matches(".no-change[open]")) event.target.querySelector(".menu-body").scrollIntoView({ block: "nearest" });
  }, true);

  function openReasons(card) {
    const menu = card.querySelector(".no-change");
    menu.open = true;
    menu.querySelector("button").focus();
  }

  // A phone's keyboard has no Shift+Enter.
  const breaksLine = (event, control) => event.shiftKey || (saysTouch && control.tagName === "TEXTAREA");

  function pressed(event) {
    const control = event.target.closest(".report input:not([type=file]), .report textarea, .report select");
    const card = event.target.closest(".report");
    const menu = event.target.closest(".no-change[open]");
    if (event.key === "Enter" && event.ctrlKey && event.shiftKey) submitAll();
    else if (menu && !event.ctrlKey) return reasonKey(event, menu);
    else if (!control) return false;
    else if (event.key === "Enter" && event.ctrlKey) submitCard(card, true);
    else if (event.key === "0" && event.ctrlKey) openReasons(card);
    else if (event.ctrlKey || event.altKey || event.metaKey) return false;
    else if (event.key === "Enter" && breaksLine(event, control)) return false;
    else if (event.key === "Enter") step(control);
    else if ((event.key === "?" || event.key === "？") && control.type === "text") toggleHints();
    else if (event.shiftKey || control.tagName === "SELECT") return false;
    else if (event.key === "ArrowUp" && isAtEdge(control, -1)) return sameColumn(control, -1);
    else if (event.key === "ArrowDown" && isAtEdge(control, 1)) return sameColumn(control, 1);
    else return false;
    return true;
  }

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (pressed(event)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!form.contains(event.target) && (event.key === "?" || event.key === "？") && !event.target.closest("input, textarea")) toggleHints();
    if (event.key === "Escape" && event.target.closest(".no-change")) focusBox(boxes(event.target.closest(".report"))[0]);
  });
})();
