// How far a job is, once a second, until its state changes. Without this script the page loads itself again.
(() => {
  const job = document.querySelector("[data-progress]");
  const bar = job.querySelector("progress");
  const ask = async () => {
    try {
      const answer = await fetch(job.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const now = await answer.json();
      bar.max = now.total || 1;
      bar.value = now.done;
      job.querySelector("[data-numbers]").textContent = `${now.done}/${now.total}`;
      if (now.state !== job.dataset.state) return location.reload();
    } catch {
      // The network comes back, or the next page says what is wrong.
    }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 1000);
})();
