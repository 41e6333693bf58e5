// The weekly entry: its cards, saved as they are typed, with a draft on this machine while the network is away.
// Without scripts the page is one form with buttons. The scripts beside this one build on `weeklyEntry`.
window.weeklyEntry = (() => {
  const form = document.getElementById("entry");
  if (!form) return null;
  form.classList.add("has-script");

  const PAUSE = 600;
  const RETRY = 12000;
  const PATIENCE = 20000;
  const MOST_UNANSWERED = 5;

  // Cards and boxes

  const cards = () => [...form.querySelectorAll(".report")];
  const cardOf = (plan) => document.getElementById(`card-${plan}`);
  const isOpen = (card) => card !== null && !card.classList.contains("is-read");
  const isShown = (element) => element.offsetParent !== null;
  const openCards = () => cards().filter((card) => isOpen(card) && isShown(card));
  const field = (card, name) => form.elements[`p${card.dataset.plan}-${name}`];
  const controls = (card) => [...card.querySelectorAll("input, textarea, select")].filter((each) => each.name && each.type !== "file");
  const boxes = (card) => controls(card).filter((each) => each.type !== "hidden" && isShown(each));
  const nameOf = (control) => control.name.replace(/^p\d+-/, "");
  const boxOf = (card, name) => card.querySelector(`[data-box="${name}"]`);
  const titleOf = (card) => card.querySelector(".report-name a").textContent;

  function valuesOf(card) {
    return Object.fromEntries(controls(card).filter((each) => each.type !== "hidden").map((each) => [nameOf(each), each.value]));
  }

  // What happens to each card: a chain of requests, one at a time

  const states = new Map();

  function stateOf(plan) {
    if (!states.has(plan)) states.set(plan, { chain: Promise.resolve(), queued: null, timer: 0, unsaved: false, conflict: false, unanswered: [] });
    return states.get(plan);
  }

  // Drafts on this machine: written with every key, dropped when the server has acknowledged the same text.

  const PREFIX = `dispatch:${form.dataset.user}:`;
  const keyOf = (plan) => `${PREFIX}${form.dataset.week}:${plan}`;
  let keeps = true;

  function keepDraft(card) {
    const { unanswered } = stateOf(card.dataset.plan);
    const draft = { version: field(card, "version").value, values: valuesOf(card), unanswered };
    try {
      window.localStorage.setItem(keyOf(card.dataset.plan), JSON.stringify(draft));
    } catch {
      keeps = false;
    }
  }

  function draftOf(plan) {
    try {
      return JSON.parse(window.localStorage.getItem(keyOf(plan)));
    } catch {
      return null;
    }
  }

  function dropDraft(plan) {
    try {
      window.localStorage.removeItem(keyOf(plan));
    } catch {
      keeps = false;
    }
  }

  window.addEventListener("beforeunload", (event) => {
    if (!keeps && [...states.values()].some((state) => state.unsaved)) event.preventDefault();
  });

  // Sending

  function schedule(card) {
    const state = stateOf(card.dataset.plan);
    state.unsaved = true;
    window.clearTimeout(state.timer);
    if (!state.conflict) state.timer = window.setTimeout(() => enqueue(card.dataset.plan, "save"), PAUSE);
  }

  // A save that waits already will carry what is typed until then, so a second one is not needed.
  function enqueue(plan, order) {
    const state = stateOf(plan);
    window.clearTimeout(state.timer);
    if (order === "save" && (state.queued === "save" || state.conflict)) return state.chain;
    state.queued = order;
    state.chain = state.chain.then(() => {
      state.queued = null;
      return isOpen(cardOf(plan)) || order !== "save" ? transmit([plan], order) : null;
    });
    return state.chain;
  }

  function packed(plans, order) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("do", order);
    plans.map(cardOf).filter(isOpen).forEach((card) => {
      controls(card).forEach((each) => body.set(each.name, each.value));
    });
    return body;
  }

  async function transmit(plans, order) {
    const sent = new Map(plans.map((plan) => [plan, isOpen(cardOf(plan)) ? JSON.stringify(valuesOf(cardOf(plan))) : ""]));
    plans.map(cardOf).filter((card) => isOpen(card) && stateOf(card.dataset.plan).unsaved).forEach(noteSending);
    const patience = new AbortController();
    const clock = window.setTimeout(() => patience.abort(), PATIENCE);
    let response = null;
    let answer = null;
    try {
      response = await fetch(form.action || window.location.href, {
        method: "POST",
        body: packed(plans, order),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        keepalive: document.visibilityState === "hidden",
        signal: patience.signal,
      });
      answer = (response.headers.get("Content-Type") || "").startsWith("application/json") ? await response.json() : null;
    } catch {
      response = null;
    }
    window.clearTimeout(clock);
    if (answer) take(answer, sent, order);
    else notSent(plans, order, response);
    showUnsent();
    return answer;
  }

  // An answer may be lost though the server has saved: its text is then no colleague's.
  function noteSending(card) {
    const { unanswered } = stateOf(card.dataset.plan);
    unanswered.push(valuesOf(card));
    if (unanswered.length > MOST_UNANSWERED) unanswered.shift();
    keepDraft(card);
  }

  const isSame = (one, other) => one === other || (numberIn(one) !== null && numberIn(one) === numberIn(other));

  function isOwn(state, theirs) {
    return state.unanswered.some((values) => Object.entries(theirs).every(([name, text]) => isSame(values[name], text)));
  }

  function notSent(plans, order, response) {
    plans.forEach((plan) => say(cardOf(plan), whyNot(response), true, response !== null && response.status < 500));
    if (order !== "save") alert("没有报送成功：网络中断或登录已超时。内容已存本机，恢复后请再按一次报送。");
  }

  function whyNot(response) {
    if (response === null) return "未保存（网络中断，已存本机，恢复后自动补存）";
    if (response.status === 403) return "未保存（登录已超时，内容已存本机）";
    if (response.status === 404) return "未保存（这一项已不由本单位填报，请与项目办联系）";
    if (response.status >= 500) return "未保存（服务器忙，已存本机，稍后自动补存）";
    return "未保存（请刷新页面，内容已存本机）";
  }

  // Taking the answer: nothing that is being typed is touched

  function take(answer, sent, order) {
    if (answer.head) document.getElementById("entry-head").outerHTML = answer.head;
    Object.entries(answer.cards).forEach(([plan, news]) => {
      if (news.html) replaceCard(plan, news);
      else refresh(plan, news, sent.get(plan), order);
    });
    showCount();
  }

  function fragment(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  function replaceCard(plan, news) {
    const old = cardOf(plan);
    const had = old.contains(document.activeElement);
    const card = fragment(news.html);
    dropDraft(plan);
    states.delete(plan);
    old.replaceWith(card);
    if (isOpen(card)) showMore(card);
    if (!isOpen(card)) hush(`“${titleOf(card)}”已报送。`);
    if (had && isOpen(card)) boxes(card)[0].focus();
    else if (had) {
      card.tabIndex = -1;
      card.focus({ preventScroll: true });
    }
    showUnsent();
  }

  function refresh(plan, news, sent, order) {
    const card = cardOf(plan);
    const state = stateOf(plan);
    card.querySelector("[data-refused]").textContent = news.refused || "";
    if (news.conflict && isOpen(card) && isOwn(state, news.theirs)) {
      state.unanswered = [];
      field(card, "version").value = news.version;
      enqueue(plan, "save");
      return;
    }
    state.unanswered = [];
    if (news.conflict) {
      meet(card, news);
      return;
    }
    if (!isOpen(card)) return;
    field(card, "version").value = news.version;
    const known = news.values ? show(card, news.values) : sent;
    tell(card, "errors", news.errors || {});
    tell(card, "warnings", news.warnings || {});
    card.classList.toggle("has-warnings", Object.keys(news.warnings || {}).length > 0);
    const wrong = Object.keys(news.errors || {}).length > 0 || news.refused;
    if (news.refused || (wrong && order === "save")) say(card, news.refused ? "未保存" : "标红的一格没有保存，其余已保存", true, true);
    else if (JSON.stringify(valuesOf(card)) === known) settled(card, state, news.saved);
    else keepDraft(card);
    if (wrong && order !== "save") holdUp(card);
  }

  // What 没有变化 has put in the place of the boxes' text, should it not have been enough to be reported.
  function show(card, values) {
    Object.entries(values).forEach(([name, value]) => { field(card, name).value = value; });
    showMore(card);
    return JSON.stringify(valuesOf(card));
  }

  function settled(card, state, at) {
    state.unsaved = false;
    state.failed = false;
    dropDraft(card.dataset.plan);
    card.classList.remove("is-unsaved");
    const place = card.querySelector("[data-saved]");
    place.replaceChildren(element("span", "is-saved", at ? `已保存 ${at}` : ""));
  }

  function tell(card, kind, texts) {
    card.querySelectorAll(`[data-${kind}]`).forEach((place) => {
      const name = place.dataset[kind];
      const lines = texts[name] || [];
      place.replaceChildren(...lines.map((line) => element("p", "", line)));
      const box = boxOf(card, name);
      if (kind === "errors" && box) box.classList.toggle("has-error", lines.length > 0);
    });
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  function say(card, text, isUnsaved, isKnown) {
    const state = stateOf(card.dataset.plan);
    state.unsaved = state.unsaved || isUnsaved;
    state.failed = isUnsaved && !isKnown;
    const place = card.querySelector("[data-saved]");
    if (!place) {
      card.querySelector("[data-refused]").textContent = "没有办成：网络中断或登录已超时，请稍后再试。";
      return;
    }
    card.classList.toggle("is-unsaved", isUnsaved);
    place.replaceChildren(element("span", isUnsaved ? "is-unsaved" : "", text));
    if (text.includes("登录")) {
      const link = element("a", "", "重新登录");
      link.href = form.dataset.login;
      place.append(" ", link);
    }
  }

  // Somebody else has saved: both texts stand in the card until the reporter has chosen.
  function meet(card, news) {
    const state = stateOf(card.dataset.plan);
    state.conflict = true;
    state.version = news.version;
    card.querySelector("[data-conflict]").innerHTML = news.conflict;
    // Where nothing was typed here, theirs is no rival.
    card.querySelectorAll("[data-take]").forEach((button) => {
      if (field(card, button.dataset.take).value === "") button.click();
    });
    if (isOpen(card)) say(card, "未保存（他人刚保存过，请核对）", true, true);
  }

  function settle(card) {
    const state = stateOf(card.dataset.plan);
    state.conflict = false;
    field(card, "version").value = state.version;
    card.querySelector("[data-conflict]").replaceChildren();
    keepDraft(card);
    enqueue(card.dataset.plan, "save");
    focusBox(boxes(card)[0]);
  }

  function showUnsent() {
    const many = [...states].filter(([plan, state]) => state.unsaved && isOpen(cardOf(plan)) && cardOf(plan).classList.contains("is-unsaved")).length;
    const place = form.querySelector("[data-unsent]");
    if (!place) return;
    place.hidden = many === 0;
    place.textContent = `${many} 项未保存，已存本机`;
  }

  function showCount() {
    const head = document.getElementById("entry-head");
    const place = form.querySelector("[data-entry-count] b");
    if (!place) return;
    place.textContent = head.dataset.done;
    form.querySelectorAll(".entry-bar [value=submit_all], [data-next-open]").forEach((button) => { button.hidden = head.dataset.done === head.dataset.due; });
  }

  function retry() {
    states.forEach((state, plan) => {
      if (state.failed && isOpen(cardOf(plan))) enqueue(plan, "save");
    });
  }
  window.addEventListener("online", retry);
  window.setInterval(retry, RETRY);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") retry();
    else states.forEach((state, plan) => { if (state.unsaved && !state.failed && isOpen(cardOf(plan))) enqueue(plan, "save"); });
  });

  // Saying and pointing

  function alert(text) {
    const place = document.getElementById("entry-alert");
    place.textContent = text;
    place.hidden = !text;
  }

  function hush(text) {
    document.getElementById("entry-said").textContent = text;
  }

  const firstWrong = (card) => [...card.querySelectorAll(".has-error")].map((box) => box.querySelector("input, textarea, select")).find((each) => each && isShown(each));

  // Who has typed on in another card is told, and not torn away.
  function holdUp(card) {
    const why = card.querySelector("[data-errors] p, [data-refused]:not(:empty)");
    alert(`“${titleOf(card)}”没有报送：${why ? why.textContent : "请核对。"}`);
    const busy = document.activeElement && document.activeElement.closest(".report");
    const target = firstWrong(card);
    if (target && (!busy || busy === card)) focusBox(target);
  }

  function focusBox(box) {
    if (!box) return;
    const fold = box.closest("details:not([open])");
    if (fold) fold.open = true;
    box.focus();
    if (box.select && box.type === "text") box.select();
    box.closest(".report").scrollIntoView({ block: "nearest" });
  }

  // Money: this week's and the year's follow each other

  function numberIn(text) {
    const plain = text.normalize("NFKC").replace(/[,，\s]/g, "");
    return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
  }

  const written = (number) => String(Math.round(number * 100) / 100);

  function follow(control) {
    const name = nameOf(control);
    if (name !== "week_investment" && name !== "ytd_investment") return;
    const card = control.closest(".report");
    const other = field(card, name === "week_investment" ? "ytd_investment" : "week_investment");
    const before = Number(card.dataset.before);
    const typed = numberIn(control.value);
    if (control.value.trim() === "") other.value = "";
    else if (typed !== null) other.value = written(name === "week_investment" ? before + typed : typed - before);
    else return;
    control.closest(".box").classList.remove("is-derived");
    other.closest(".box").classList.toggle("is-derived", other.value !== "");
  }

  function showMore(card) {
    const box = boxOf(card, "problem");
    if (box) box.classList.toggle("has-text", field(card, "problem").value.trim() !== "");
  }

  // Typing

  function typed(control) {
    const card = control.closest(".report");
    follow(control);
    showMore(card);
    control.closest(".box").classList.remove("is-filled");
    keepDraft(card);
    schedule(card);
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || !event.target.closest(".report")) return;
    if (event.isComposing) keepDraft(event.target.closest(".report"));
    else typed(event.target);
  });
  form.addEventListener("compositionend", (event) => typed(event.target));
  form.addEventListener("change", (event) => {
    const card = event.target.closest(".report");
    if (card && event.target.type !== "file" && stateOf(card.dataset.plan).unsaved) enqueue(card.dataset.plan, "save");
  });

  return {
    form, cards, cardOf, isOpen, isShown, openCards, field, boxes, nameOf, stateOf, keepDraft, draftOf,
    dropDraft, prefix: PREFIX, enqueue, transmit, settle, say, showUnsent, tell, element, alert, hush,
    firstWrong, focusBox, follow, showMore, typed,
  };
})();
