/* What cannot be taken back is asked for twice: the button asks once more, until the visitor goes on or some seconds have
 * passed. `name` puts a label on it, `sure` is the question and `plain` what it says otherwise.
 */
function askWhetherSure(made, name, sure, plain) {
  const unsure = () => { delete made.dataset.sure; if (!made.disabled) name(plain); };
  made.dataset.sure = "yes";
  name(sure);
  made.addEventListener("blur", unsure, { once: true });
  setTimeout(unsure, 5000);
}

