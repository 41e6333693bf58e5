// The weekly entry: saved as it is typed, with a draft on this machine while the network is away; walked with the
// keyboard; filled from a block of Excel. Without this file the page is one form with buttons.
(() => {
  const form = document.getElementById("entry");
  if (!form) return;
  form.classList.add("has-script");

  const PAUSE = 600;
  const RETRY = 12000;
  const PATIENCE = 20000;
  const COLUMNS = ["week_investment", "ytd_investment", "works_percent", "progress", "next_plan", "problem"];
  const NOTHING_NEW = "本周无变化：";
  const saysTouch = window.matchMedia("(pointer: coarse)").matches;

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
    if (!states.has(plan)) states.set(plan, { chain: Promise.resolve(), queued: null, timer: 0, unsaved: false, conflict: false });
    return states.get(plan);
  }

  // Drafts on this machine: written with every key, dropped when the server has acknowledged the same text.

  const PREFIX = `dispatch:${form.dataset.user}:`;
  const keyOf = (plan) => `${PREFIX}${form.dataset.week}:${plan}`;
  let keeps = true;

  function keepDraft(card) {
    const draft = { version: field(card, "version").value, values: valuesOf(card) };
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
    else plans.forEach((plan) => say(cardOf(plan), whyNot(response), true));
    showUnsent();
    return answer;
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
    prepareCard(card);
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
    if (news.conflict) {
      meet(card, news);
      return;
    }
    if (!isOpen(card)) return;
    field(card, "version").value = news.version;
    tell(card, "errors", news.errors || {});
    tell(card, "warnings", news.warnings || {});
    card.classList.toggle("has-warnings", Object.keys(news.warnings || {}).length > 0);
    const wrong = Object.keys(news.errors || {}).length > 0 || news.refused;
    if (news.refused || (wrong && order === "save")) say(card, news.refused ? "未保存" : "标红的一格没有保存，其余已保存", true, true);
    else if (JSON.stringify(valuesOf(card)) === sent) settled(card, state, news.saved);
    else keepDraft(card);
    if (wrong && order !== "save") holdUp(card);
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
    form.querySelector(".entry-bar [value=submit_all]").hidden = head.dataset.done === head.dataset.due;
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

  function focusBox(box) {
    if (!box) return;
    const fold = box.closest("details:not([open])");
    if (fold) fold.open = true;
    box.focus();
    if (box.select && box.type === "text") box.select();
    box.closest(".report").scrollIntoView({ block: "nearest" });
  }

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
    else if (event.key === "Enter" && !event.shiftKey) step(control);
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

  // A block from Excel: rows by line, columns by tab; a cell with line breaks comes in quotes.

  function table(text) {
    const rows = [[""]];
    let quoted = false;
    const add = (character) => { const row = rows[rows.length - 1]; row[row.length - 1] += character; };
    for (let at = 0; at < text.length; at += 1) {
      const character = text[at];
      const row = rows[rows.length - 1];
      if (quoted && character === '"' && text[at + 1] === '"') { add('"'); at += 1; }
      else if (quoted && character === '"') quoted = false;
      else if (quoted) add(character);
      else if (character === '"' && row[row.length - 1] === "") quoted = true;
      else if (character === "\t") row.push("");
      else if (character === "\n") rows.push([""]);
      else if (character !== "\r") add(character);
    }
    if (rows[rows.length - 1].join("") === "") rows.pop();
    return rows;
  }

  function isBlock(data, text, control) {
    if (text.includes("\t")) return true;
    const isOneCell = !text.trim().includes("\n");
    return !isOneCell && (control.type === "text" || /<table[\s>]/i.test(data.getData("text/html")));
  }

  function fill(control, rows) {
    const all = cards().filter(isShown);
    const start = all.indexOf(control.closest(".report"));
    const column = COLUMNS.indexOf(nameOf(control));
    const told = { filled: 0, beyond: 0, closed: 0 };
    rows.forEach((cells, down) => {
      const card = all[start + down];
      if (!card) told.beyond += 1;
      else if (!isOpen(card)) told.closed += 1;
      else told.filled += fillRow(card, column, cells);
    });
    return told;
  }

  function fillRow(card, column, cells) {
    const changed = [];
    cells.forEach((cell, right) => {
      const name = COLUMNS[column + right];
      if (!name || cell.trim() === "") return;
      field(card, name).value = cell.trim();
      changed.push(field(card, name));
    });
    const money = changed.filter((each) => ["week_investment", "ytd_investment"].includes(nameOf(each)));
    // Two pasted figures that disagree are left as they are, for the server to name both.
    if (money.length === 1) follow(money[0]);
    changed.forEach((each) => each.closest(".box").classList.add("is-filled"));
    showMore(card);
    if (changed.length) {
      keepDraft(card);
      stateOf(card.dataset.plan).unsaved = true;
      enqueue(card.dataset.plan, "save");
    }
    return changed.length;
  }

  form.addEventListener("paste", (event) => {
    const control = event.target.closest(".report input:not([type=file]), .report textarea");
    if (!control || !COLUMNS.includes(nameOf(control))) return;
    const text = event.clipboardData.getData("text/plain");
    if (!isBlock(event.clipboardData, text, control)) return;
    event.preventDefault();
    const told = fill(control, table(text));
    const more = [told.beyond ? `多出 ${told.beyond} 行没有填入` : "", told.closed ? `${told.closed} 行已报送、没有改动` : ""].filter(Boolean);
    hush(`已填入 ${told.filled} 格。`);
    alert(more.length ? `已填入 ${told.filled} 格（绿底）；${more.join("，")}。` : "");
  });

  // Coming back

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
    stateOf(card.dataset.plan).unsaved = true;
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
      const weeks = Object.keys(window.localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.split(":")[2]);
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

  function prepareCard(card) {
    if (isOpen(card)) showMore(card);
  }

  cards().forEach((card) => {
    prepareCard(card);
    if (isOpen(card)) restore(card);
    else showLeftover(card);
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
