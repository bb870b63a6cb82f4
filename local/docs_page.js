"use strict";

// Beside this page, behind whatever stage or base path that is.
const address = new URL("openapi.json", location.href);
const root = new URL(".", address).href.replace(/\/$/, "");
// Of this tab, until it is closed. Another stage of this host has a session of its own.
const PLACE = `nexus ${root}`;

let session = JSON.parse(sessionStorage.getItem(PLACE)) ?? {};

const at = (id) => document.getElementById(id);

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Who calls

function keep(changed) {
  session = changed;
  sessionStorage.setItem(PLACE, JSON.stringify(session));
  at("sign-in").hidden = Boolean(session.token);
  at("signed-in").hidden = !session.token;
  at("username").textContent = session.username ?? "";
  if (!session.token) at("tenant").replaceChildren();
}

function credentials() {
  const { token, tenant } = session;
  return {
    ...(token && { Authorization: `Bearer ${token}` }),
    ...(tenant && { "X-Tenant-Id": tenant }),
  };
}

// A name or password that is tried and wrong is 401 too, and ends nothing.
function endIfRefused(problem) {
  if (!session.token || problem?.type !== "/problems/not-authenticated") return;
  keep({});
  at("said").textContent = "The session has ended: sign in again.";
}

async function call(method, path, options) {
  const headers = { Accept: "application/json", ...credentials() };
  const answer = await fetch(root + path, { method, headers, ...options });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({})); // what stands between may answer too
    endIfRefused(problem);
    const { title, detail } = problem;
    throw new Error(detail ? `${title}. ${detail}` : `It cannot be reached now (${answer.status}).`);
  }
  return answer.status === 204 ? undefined : answer.json();
}

async function tenants() {
  const found = [];
  let cursor = "";
  do {
    const page = await call("GET", `/me/tenants?fields=id,name&sort=name&limit=200${cursor}`);
    found.push(...page.items);
    cursor = page.next && `&cursor=${page.next}`;
  } while (cursor);
  return found;
}

async function offerTenants() {
  const offered = await tenants();
  const options = offered.map(({ id, name }) => new Option(name, id));
  at("tenant").replaceChildren(new Option("of the session", ""), ...options);
  const chosen = session.tenant ?? (offered.length === 1 ? offered[0].id : "");
  keep({ ...session, tenant: offered.some(({ id }) => id === chosen) ? chosen : "" });
  at("tenant").value = session.tenant;
}

async function signIn(form) {
  const granted = await call("POST", "/me/signin", {
    body: new URLSearchParams(new FormData(form)),
  });
  form.reset();
  keep({ token: granted.access_token, username: granted.user.username });
  await offerTenants();
}

// What was read does not stay on the screen.
async function signOut() {
  await call("POST", "/me/signout");
  keep({});
  location.reload();
}

async function told(work) {
  at("said").textContent = "";
  try {
    await work();
  } catch (failure) {
    at("said").textContent ||= failure.message;
  }
}

// What there is

function groups(reference) {
  const operations = Object.entries(reference.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId, summary, description, tags }]) => ({
      id: operationId, method, path, summary, description, tag: tags[0],
    })));
  const about = new Map(reference.tags.map((tag) => [tag.name, tag.description]));
  return reference["x-tagGroups"].map(({ name, tags }) => ({
    name,
    tags: tags.map((tag) => ({
      name: tag,
      about: about.get(tag),
      operations: operations.filter((operation) => operation.tag === tag),
    })),
  }));
}

function listed(group, tag, operation) {
  const { id, method, path, summary, description } = operation;
  const link = element("a", { href: `#${id}` }, summary,
    element("code", {}, `${method.toUpperCase()} ${path}`));
  const words = [method, path, summary, description, tag.name, tag.about, group.name];
  const text = ` ${words.join(" ").toLowerCase()}`;
  return { ...operation, group, link, text, item: element("li", {}, link) };
}

function list(found) {
  return found.map((group) => {
    const parts = group.tags.map((tag) => {
      const operations = tag.operations.map((operation) => listed(group, tag, operation));
      const entries = element("ul", {}, ...operations.map(({ item }) => item));
      const count = element("small", {}, ` ${operations.length}`);
      const part = element("details", {}, element("summary", {}, tag.name, count),
        element("p", {}, tag.about), entries);
      return { part, operations };
    });
    const heading = element("h2", {}, group.name);
    at("operations").append(element("section", {}, heading, ...parts.map(({ part }) => part)));
    return { heading, parts };
  });
}

// Where a word begins, so that "late" does not find what is related.
function search(shown) {
  const words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean)
    .map((word) => new RegExp(`[^a-z0-9]${word.replace(/\W/g, "\\$&")}`));
  let count = 0;
  for (const { heading, parts } of shown) {
    for (const { part, operations } of parts) {
      for (const { item, text } of operations) {
        item.hidden = !words.every((word) => word.test(text));
      }
      const matching = operations.filter(({ item }) => !item.hidden).length;
      part.hidden = !matching;
      part.open = words.length > 0;
      count += matching;
    }
    heading.hidden = parts.every(({ part }) => part.hidden);
  }
  const none = "Nothing has all of these words: try fewer, or others";
  at("found").textContent = count ? `${count} operation${count > 1 ? "s" : ""}` : none;
}

// One operation

function withRefs(document, value, components) {
  for (const reference of JSON.stringify(value).matchAll(/"#\/components\/([^"/]+)\/([^"/]+)"/g)) {
    const [, kind, name] = reference;
    if (components[kind]?.[name]) continue;
    components[kind] = { ...components[kind], [name]: document.components[kind][name] };
    withRefs(document, components[kind][name], components);
  }
  return components;
}

// The viewer takes seconds for the whole document and none for what one operation needs. Who calls,
// and for which tenant, is chosen above.
function excerpt(reference, { path, method }) {
  const { security, parameters = [], ...rest } = reference.paths[path][method];
  const isTenant = (given) => (given.$ref ?? given.name).endsWith("X-Tenant-Id");
  const operation = { ...rest, parameters: parameters.filter((given) => !isTenant(given)) };
  return {
    openapi: reference.openapi,
    info: reference.info,
    servers: [{ url: root }],
    paths: { [path]: { [method]: operation } },
    components: withRefs(reference, operation, {}),
  };
}

function viewer(spec) {
  return SwaggerUIBundle({
    dom_id: "#reference",
    spec,
    docExpansion: "full",
    defaultModelsExpandDepth: -1,
    tryItOutEnabled: true,
    validatorUrl: null,
    requestInterceptor: (request) => {
      if (request.url.startsWith(`${root}/`)) Object.assign(request.headers, credentials());
      return request;
    },
    responseInterceptor: (answer) => {
      endIfRefused(answer.obj);
      return answer;
    },
  });
}

let ui;

function follow(reference, operations) {
  const chosen = operations.get(location.hash.slice(1));
  const { group, tag, link, path, method } = chosen ?? operations.values().next().value;
  document.querySelector("[aria-current]")?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  at("where").textContent = `${group.name} › ${tag}`;
  const spec = excerpt(reference, { path, method });
  if (ui) ui.specActions.updateSpec(JSON.stringify(spec));
  else ui = viewer(spec);
  if (!chosen) return;
  link.closest("details").open = true;
  link.scrollIntoView({ block: "nearest" });
  at("operation").scrollIntoView();
}

function show(reference) {
  const shown = list(groups(reference));
  const all = shown.flatMap(({ parts }) => parts.flatMap(({ operations }) => operations));
  const operations = new Map(all.map((operation) => [operation.id, operation]));
  const types = reference["x-problem-types"].map(({ type, status, title }) => element("li", {},
    element("a", { href: root + type }, type), element("small", {}, `${status} ${title}`)));
  at("types").append(...types);
  const go = () => {
    const text = at(location.hash.slice(1))?.closest("#guide, #problems");
    if (!text) return follow(reference, operations);
    text.hidden = false;
    at(location.hash.slice(1)).scrollIntoView();
  };
  window.addEventListener("hashchange", go);
  at("search").addEventListener("input", () => search(shown));
  search(shown);
  go();
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();

at("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  told(() => signIn(event.target));
});
at("sign-out").addEventListener("click", () => told(signOut));
at("tenant").addEventListener("change", () => keep({ ...session, tenant: at("tenant").value }));
keep(session);
if (session.token) told(offerTenants);

fetch(address)
  .then((answer) => answer.json())
  .then(show)
  .catch((failure) => {
    at("reference").textContent = `openapi.json cannot be read: ${failure}`;
  });
