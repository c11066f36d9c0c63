export const STYLE = `
body{font:14px/1.5 system-ui,sans-serif;margin:1.5rem;color:#222;background:#fff}
table{border-collapse:collapse;width:100%;font-size:13px}
th,td{border-bottom:1px solid #ddd;padding:.3rem .5rem;text-align:left;vertical-align:top;max-width:26rem;overflow-wrap:break-word}
th{white-space:nowrap}
h1{font-size:1.3rem}h2{font-size:1.05rem;margin-top:1.5rem}
button{margin:0 .3rem .3rem 0;font:inherit;cursor:pointer}
.quiet{color:#777}
`;

/** Posts what a button carries, shows a refusal, and loads the page again after a success. */
export const SCRIPT = `
document.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-path]');
  if (!button) return;
  button.disabled = true;
  const response = await fetch(button.dataset.path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: button.dataset.body,
  });
  if (response.ok) return location.reload();
  const answer = await response.json();
  document.getElementById('answer').textContent = answer.error;
  button.disabled = false;
});
`;
