// How far an upload is. Without this the page loads itself again every three seconds.
(() => {
  const bar = document.querySelector("[data-progress]");
  if (!bar) return;
  const ask = async () => {
    try {
      const answer = await fetch(bar.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const now = await answer.json();
      bar.querySelector("progress").max = now.total || 1;
      bar.querySelector("progress").value = now.done;
      bar.querySelector("[data-done]").textContent = now.done;
      bar.querySelector("[data-total]").textContent = now.total;
      if (now.state !== bar.dataset.state) return location.reload();
    } catch {
      // The network comes back, or the next page says what is wrong.
    }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 1000);
})();
