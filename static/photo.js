// Makes a chosen photograph small before it is sent, so that a weak signal carries it. Without this script, or where the
// browser cannot, the whole one is sent and the portal makes it small; it makes every one anew in any case.
(() => {
  "use strict";
  const form = document.querySelector("form[data-photo]");
  const input = form && form.querySelector("input[type=file]");
  if (!input || !window.createImageBitmap || !window.DataTransfer) return;
  const longest = Number(form.dataset.photo);

  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
      if (!blob || blob.size >= file.size) return;
      const chosen = new DataTransfer();
      chosen.items.add(new File([blob], "anh.jpg", { type: "image/jpeg" }));
      input.files = chosen.files;
    } catch {
      // What the browser cannot read is sent as it is; the portal says what is wrong with it.
    }
  });
})();
