/* Conversations kept in the browser: their turns as the records the server gave, nothing sent anywhere.
 *
 * The list is in localStorage and shared by all tabs; which one is open, the question that has no answer yet, and what is
 * in the question box are in sessionStorage, each tab its own.
 */
const STORE = "yinju.conversations", OPEN = "yinju.open", PENDING = "yinju.pending", DRAFT = "yinju.draft";
const MAX_CONVERSATIONS = 50, MAX_KEPT_TURNS = 100;

function conversations() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) || "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/* Keeps the latest conversations; where the browser gives no more room, the oldest go. */
function keepAll(list) {
  list.sort((one, other) => other.updated - one.updated);
  list.splice(MAX_CONVERSATIONS);
  while (list.length) {
    try {
      localStorage.setItem(STORE, JSON.stringify(list));
      return;
    } catch {
      list.pop();
    }
  }
  localStorage.removeItem(STORE);
}

const openId = () => sessionStorage.getItem(OPEN);
const openConversation = () => conversations().find((one) => one.id === openId());
const beginConversation = () => sessionStorage.removeItem(OPEN);

const newId = () => `${Date.now()}-${Math.random().toString(36).slice(2)}`;

/* The conversation that is open, begun if there is none: a question is asked in it, wherever its answer finds us. */
function currentId() {
  if (!openId()) sessionStorage.setItem(OPEN, newId());
  return openId();
}

function keepTurn(id, question, record, replaces) {
  const list = conversations();
  let one = list.find((each) => each.id === id);
  if (!one) {
    one = { id, title: question.slice(0, 80), turns: [] };
    list.push(one);
  }
  if (replaces) one.turns.pop();
  one.turns.push(record);
  one.turns.splice(0, one.turns.length - MAX_KEPT_TURNS);
  one.updated = Date.now();
  keepAll(list);
}

function renameConversation(id, title) {
  const list = conversations();
  const one = list.find((each) => each.id === id);
  if (one && title.trim()) one.title = title.trim().slice(0, 80);
  keepAll(list);
}

function deleteConversation(id) {
  keepAll(conversations().filter((one) => one.id !== id));
  if (openId() === id) beginConversation();
}
