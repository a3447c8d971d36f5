// Makes a photo small before it leaves the device: at most 2048 pixels, JPEG, the right way up, and without anything that was hidden in the file.
const MOST = 2048, QUALITY = 0.85;

// shrink gives a JPEG; it fails for what is no picture.
export async function shrink(file) {
  const picture = await createImageBitmap(file); // turned as the camera says
  try {
    const scale = Math.min(1, MOST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // JPEG knows no transparency
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!small) throw new Error("the picture cannot be written");
    return small;
  } finally {
    picture.close();
  }
}
