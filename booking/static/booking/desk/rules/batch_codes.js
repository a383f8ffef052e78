// Which of a site's batches a code on a pack may mean. `read` is what scanner/codes.js makes of it.

/** One batch is certain, several are to be chosen from; none: the code is not known here. */
export function batchesOf(text, read, batches) {
  const typed = text.trim().toLowerCase();
  if (!typed) return [];
  const exactly = batches.filter((batch) => batch.number.toLowerCase() === typed || packOf(batch) === typed);
  if (exactly.length) return exactly;
  if (read.kind === "box") {
    const named = read.batch ? batches.filter((batch) => batch.number === read.batch) : [];
    const same = batches.filter((batch) => packOf(batch) && read.gtin.endsWith(packOf(batch)));
    const both = named.filter((batch) => same.includes(batch));
    // A batch number on the pack that nobody received is not another batch of the same product.
    return both.length ? both : read.batch ? named : same;
  }
  // A trace code of 20 digits names the product with its first seven.
  return /^\d{20}$/.test(typed) ? batches.filter((batch) => packOf(batch).slice(0, 7) === typed.slice(0, 7)) : [];
}

function packOf(batch) {
  return (batch.pack_code || "").toLowerCase();
}
