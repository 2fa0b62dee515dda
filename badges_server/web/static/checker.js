/* Makes /verifier more comfortable where scripts run: drop, paste, live camera, progress. Without it the form does
   everything. It sends nothing by itself but the form. */
"use strict";

(() => {
  const MAXIMUM_BYTES = 5 * 1024 * 1024;
  const PHOTO_SIDE = 2000;
  const find = (id) => document.getElementById(id);
  const form = find("check");
  const words = form.dataset;
  let stream = null;

  const say = (text) => { find("progress").textContent = text; };
  const isTooLarge = (file) => file.size > MAXIMUM_BYTES;

  const send = () => form.requestSubmit(find("send"));

  const take = (file) => {
    const transfer = new DataTransfer();
    transfer.items.add(file);
    find("file").files = transfer.files;
  };

  /* A photo carries no badge, only perhaps its QR code: made smaller, it is sent faster. */
  const shrink = async (file) => {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, PHOTO_SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
    return new File([blob], file.name, { type: "image/jpeg" });
  };

  const check = async (input) => {
    const [file] = input.files;
    if (!file || !isTooLarge(file)) {
      say("");
      return;
    }
    if (file.type === "image/jpeg") {
      try {
        const smaller = await shrink(file);
        input.value = "";
        take(smaller);
        say("");
        return;
      } catch { /* Not a picture that this browser reads: said below. */ }
    }
    input.value = "";
    say(words.large);
  };

  const wait = () => {
    form.classList.add("busy");
    form.setAttribute("aria-busy", "true");
    say(words.wait);
    setTimeout(() => { if (form.classList.contains("busy")) say(words.slow); }, 4000);
  };

  const rest = () => {
    form.classList.remove("busy");
    form.removeAttribute("aria-busy");
    say("");
  };

  for (const id of ["file", "photo"]) {
    find(id).addEventListener("change", (event) => check(event.target));
  }

  form.addEventListener("submit", (event) => {
    if (form.classList.contains("busy")) event.preventDefault();
    else wait();
  });
  addEventListener("pageshow", rest);

  /* Drop a file anywhere on the page. */
  const drop = find("drop");
  const dropped = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  addEventListener("dragover", (event) => {
    if (!dropped(event)) return;
    event.preventDefault();
    drop.classList.add("over");
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  addEventListener("drop", async (event) => {
    if (!dropped(event)) return;
    event.preventDefault();
    drop.classList.remove("over");
    find("file").files = event.dataTransfer.files;
    await check(find("file"));
    if (find("file").files.length) send();
  });

  /* Paste a picture anywhere; text goes to its field by itself. */
  addEventListener("paste", async (event) => {
    const [file] = event.clipboardData ? event.clipboardData.files : [];
    if (file) {
      event.preventDefault();
      take(file);
      await check(find("file"));
      if (find("file").files.length) send();
      return;
    }
    if (event.target.matches("textarea, input")) return;
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (text) {
      event.preventDefault();
      find("text").value = text;
      find("text").focus();
    }
  });

  /* The live camera, where the browser can read QR codes itself. */
  const stop = () => {
    for (const track of stream ? stream.getTracks() : []) track.stop();
    stream = null;
    find("viewer").hidden = true;
    find("camera").hidden = false;
  };

  const look = async (detector) => {
    if (!stream) return;
    try {
      const [code] = await detector.detect(find("video"));
      if (code && code.rawValue) {
        stop();
        find("scanned").value = code.rawValue;
        send();
        return;
      }
    } catch { /* The picture is not there yet. */ }
    setTimeout(() => look(detector), 150);
  };

  const start = async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      say(words.noCamera);
      return;
    }
    find("video").srcObject = stream;
    find("viewer").hidden = false;
    find("camera").hidden = true;
    find("stop").focus();
    say(words.looking);
    await find("video").play();
    look(new BarcodeDetector({ formats: ["qr_code"] }));
  };

  const offerCamera = async () => {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return;
    find("live").hidden = false;
    find("photo-field").hidden = true;
    find("camera").addEventListener("click", start);
    find("stop").addEventListener("click", () => { stop(); say(""); find("camera").focus(); });
    addEventListener("pagehide", stop);
  };
  offerCamera();
})();
