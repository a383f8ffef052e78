// Which of a site's batches a code on a pack may mean. `read` is what scanner/codes.js makes of it.

/** One batch is certain, several are to be chosen from; none: the code is not known here. */
export function batchesOf(text, read, batches) {
  const typed = text.trim().toLowerCase();
  if (!typed) return [];
  const numbered = batches.filter((batch) => batch.number.toLowerCase() === typed);
  if (numbered.length) return numbered;
  if (read.kind === "box") {
    // Several batches of a product have the same code: the number beside it says which one is in the hand.
    const named = read.batch ? batches.filter((batch) => batch.number === read.batch) : [];
    const same = batches.filter((batch) => packOf(batch) && read.gtin.endsWith(packOf(batch)));
    const both = named.filter((batch) => same.includes(batch));
    // A batch number on the pack that nobody received is not another batch of the same product.
    return both.length ? both : read.batch ? named : same;
  }
  const packed = batches.filter((batch) => packOf(batch) === typed);
  if (packed.length) return packed;
  // A trace code of 20 digits names the product with its first seven.
  return /^\d{20}$/.test(typed) ? batches.filter((batch) => packOf(batch).slice(0, 7) === typed.slice(0, 7)) : [];
}

function packOf(batch) {
  return (batch.pack_code || "").toLowerCase();
}
