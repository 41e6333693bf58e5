// A check on site: what is typed is kept on this phone until the server has it; photos are made smaller and sent one by
// one, and again when the network is back. Without this file the files go with the page's form.
(() => {
  const form = document.getElementById("check-form");
  if (!form) return;
  form.classList.add("has-script");

  // What was typed and not saved yet

  const key = form.dataset.kept;
  const { version } = form.dataset;
  const typed = () => [...form.elements].filter((each) => each.name && !["hidden", "file", "submit"].includes(each.type));

  function valueOf(control) {
    return control.type === "radio" ? control.checked : control.value;
  }

  function keep() {
    const values = typed().map((each) => [each.id, valueOf(each)]);
    try {
      window.localStorage.setItem(key, JSON.stringify({ version, values }));
    } catch { /* A full or forbidden store: the page still works. */ }
  }

  function kept() {
    try {
      const found = JSON.parse(window.localStorage.getItem(key));
      return found && found.version === version ? found.values : null;
    } catch {
      return null;
    }
  }

  function restore(values) {
    let changed = false;
    for (const [id, value] of values) {
      const control = document.getElementById(id);
      if (!control || valueOf(control) === value) continue;
      changed = true;
      if (control.type === "radio") control.checked = value;
      else control.value = value;
    }
    form.querySelector("[data-restored]").hidden = !changed;
  }

  const values = kept();
  // A page that came back with errors shows what was sent, which is newer.
  if (values && !("sent" in form.dataset)) restore(values);
  else if (!("sent" in form.dataset)) window.localStorage.removeItem(key);
  form.addEventListener("input", keep);

  // Photos

  const LONGEST_SIDE = 1600;
  const QUALITY = 0.85;
  const adding = form.querySelector("[data-photo-add]");
  const shown = form.querySelector("[data-photos]");
  const refused = form.querySelector("[data-refused]");
  const waiting = new Set();

  // Random enough for an upload's name; crypto.randomUUID is missing where there is no HTTPS.
  function uploadKey() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function drawn(picture, side) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  // What the browser cannot read goes as it is; the server will say what it thinks of it.
  async function smaller(file) {
    try {
      const picture = await window.createImageBitmap(file, { imageOrientation: "from-image" });
      const blob = await new Promise((resolve) => { drawn(picture, LONGEST_SIDE).toBlob(resolve, "image/jpeg", QUALITY); });
      return { blob, preview: drawn(picture, 320) };
    } catch {
      return { blob: file, preview: document.createElement("canvas") };
    }
  }

  function frame(preview) {
    const figure = document.createElement("figure");
    figure.className = "site-photo is-waiting";
    const progress = document.createElement("progress");
    progress.setAttribute("aria-label", "正在上传");
    figure.append(preview, progress);
    shown.append(figure);
    return figure;
  }

  async function send(job) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("upload_key", job.key);
    body.set("photo", job.blob, "photo.jpg");
    try {
      const response = await fetch(adding.dataset.url, { method: "POST", body });
      finish(job, response.status, await response.json().catch(() => ({})));
    } catch {
      waiting.add(job);
      refused.textContent = "照片没有上传（网络中断，恢复后自动补传，请不要关闭本页）";
    }
  }

  function finish(job, status, answer) {
    if (!answer.html) {
      job.figure.remove();
      refused.textContent = answer.error || (status === 403 ? "照片没有上传：登录已超时，请重新登录后再选这张照片。" : "照片没有上传，请稍后重选。");
      return;
    }
    if (!waiting.size) refused.textContent = "";
    job.figure.outerHTML = answer.html;
  }

  form.addEventListener("change", async (event) => {
    if (!event.target.matches("[data-photo]")) return;
    const files = [...event.target.files];
    event.target.value = "";
    for (const file of files) {
      const { blob, preview } = await smaller(file);
      send({ blob, key: uploadKey(), figure: frame(preview) });
    }
  });

  function retry() {
    const jobs = [...waiting];
    waiting.clear();
    jobs.forEach(send);
  }
  window.addEventListener("online", retry);
  window.setInterval(retry, 15000);

  // Without a network the browser would leave the page for an error of its own.
  const offline = document.querySelector("[data-offline]");
  const tellNetwork = () => { if (offline) offline.hidden = window.navigator.onLine; };
  window.addEventListener("online", tellNetwork);

  // A second tap while the first is under way sends nothing.
  form.addEventListener("submit", (event) => {
    tellNetwork();
    if (!window.navigator.onLine || form.classList.contains("is-sent")) event.preventDefault();
    if (window.navigator.onLine) form.classList.add("is-sent");
  });
  window.addEventListener("pageshow", () => form.classList.remove("is-sent"));
})();
