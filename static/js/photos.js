// Photos of the weekly entry: made smaller in the browser, sent one by one with progress, sent again when the network
// is back. Without this file the files go with the page's form.
(() => {
  const form = document.getElementById("entry");
  if (!form) return;

  const LONGEST_SIDE = 1600;
  const QUALITY = 0.85;
  const waiting = new Set();

  // Random enough for an upload's name; crypto.randomUUID is missing where there is no HTTPS.
  function uploadKey() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
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
      return { blob, preview: drawn(picture, 192) };
    } catch {
      return { blob: file, preview: document.createElement("canvas") };
    }
  }

  function show(card, preview) {
    const frame = document.createElement("span");
    frame.className = "photo is-waiting";
    const progress = document.createElement("progress");
    progress.className = "photo-progress";
    progress.max = 1;
    progress.setAttribute("aria-label", "上传进度");
    frame.append(preview, progress);
    card.querySelector("[data-photos]").append(frame);
    return frame;
  }

  function send(job) {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("upload_key", job.key);
    body.set("photo", job.blob, "photo.jpg");
    request.upload.addEventListener("progress", (event) => { job.frame.querySelector("progress").value = event.loaded / event.total; });
    request.addEventListener("load", () => finish(job, request));
    request.addEventListener("error", () => hold(job, "照片未上传（网络中断，恢复后自动补传，请不要关闭本页）"));
    request.addEventListener("timeout", () => hold(job, "照片未上传（网络太慢，稍后自动补传，请不要关闭本页）"));
    request.timeout = 120000;
    request.open("POST", job.url);
    request.send(body);
  }

  const cardOf = (job) => document.getElementById(`card-${job.plan}`);

  function tell(job, text) {
    cardOf(job).querySelector("[data-refused]").textContent = text;
  }

  function hold(job, text) {
    waiting.add(job);
    tell(job, text);
  }

  function finish(job, request) {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer = { error: request.status === 403 ? "照片未上传：登录已超时，请重新登录后再选这张照片。" : "照片未上传，请稍后重选。" };
    }
    if (answer.error) {
      job.frame.remove();
      tell(job, answer.error);
      return;
    }
    tell(job, "");
    job.frame.outerHTML = answer.html;
    document.dispatchEvent(new CustomEvent("entry:photo", { detail: { plan: job.plan, warnings: answer.warnings } }));
  }

  async function add(input) {
    const card = input.closest(".report");
    const { url } = input.closest("[data-photo-add]").dataset;
    const files = [...input.files];
    input.value = "";
    for (const file of files) {
      const { blob, preview } = await smaller(file);
      send({ plan: card.dataset.plan, url, blob, key: uploadKey(), frame: show(card, preview) });
    }
  }

  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-photo]")) add(event.target);
  });

  function retry() {
    const jobs = [...waiting];
    waiting.clear();
    jobs.forEach(send);
  }
  window.addEventListener("online", retry);
  window.setInterval(retry, 15000);
})();
