// Reads codes in pictures: by the browser itself where it can, else by the reader that we bring along.
// The page says where the reader lies, as its name changes with its content.
let vendored = null;

/** A reader for these formats, with `detect(picture)` -> [{rawValue, format}]. */
export async function readerFor(formats) {
  if (await browserReads(formats)) return new window.BarcodeDetector({ formats });
  vendored ||= bring();
  try {
    const { BarcodeDetector } = await vendored;
    return new BarcodeDetector({ formats });
  } catch (error) {
    vendored = null;
    throw error;
  }
}

async function browserReads(formats) {
  if (!("BarcodeDetector" in window)) return false;
  try {
    const known = await window.BarcodeDetector.getSupportedFormats();
    return formats.every((format) => known.includes(format));
  } catch {
    return false;
  }
}

async function bring() {
  const { reader, wasm } = document.documentElement.dataset;
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = reader;
    script.onload = resolve;
    script.onerror = () => reject(new Error("reader"));
    document.head.append(script);
  });
  const reading = window.BarcodeDetectionAPI;
  await reading.prepareZXingModule({
    overrides: { locateFile: () => wasm },
    fireImmediately: true,
  });
  return reading;
}
