// A session by openapi-fetch with the types that openapi-typescript makes.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./nexus.ts";

type Issue = components["schemas"]["IssueRead"];

function given(name: string): string {
  const value = process.env[name];
  assert(value !== undefined, name);
  return value;
}

// As the document says: lists of values are one parameter with commas, of an object each member is one.
const api = createClient<paths>({
  baseUrl: given("API"),
  querySerializer: {
    array: { style: "form", explode: false },
    object: { style: "form", explode: true },
  },
});

const form = { username: given("USERNAME"), password: given("PASSWORD") };
const signedIn = await api.POST("/me/signin", {
  body: { grant_type: "password", scope: "", client_id: "", client_secret: "", ...form },
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
});
assert(signedIn.data);
const token = signedIn.data.access_token;
api.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${token}`);
    request.headers.set("X-Tenant-Id", given("TENANT"));
  },
});

async function opened(title: string, header?: { "Idempotency-Key": string }): Promise<Issue> {
  const { data } = await api.POST("/issues", {
    body: { title, issue_type: "incident" },
    params: { header },
  });
  assert(data);
  return data;
}

const began = new Date().toISOString();
const one = await opened("Printer 1");
const two = await opened("Printer 2");
const three = await opened("Printer 3");
const key = { "Idempotency-Key": "a key of my own" };
const once = await opened("Once only", key);
assert.equal((await opened("Once only", key)).id, once.id);
console.log("opened, one of them once for two requests");

const titles: (string | undefined)[] = [];
for (let cursor: string | undefined | null; cursor !== null; ) {
  const { data } = await api.GET("/issues", {
    params: { query: { limit: 2, sort: ["-created_at"], cursor } },
  });
  assert(data);
  titles.push(...data.items.map((issue) => issue.title));
  cursor = data.next;
}
assert.deepEqual(titles, ["Once only", "Printer 3", "Printer 2", "Printer 1"]);
console.log("paged");

const filtered = await api.GET("/issues", {
  params: {
    query: {
      created_at__gte: began,
      title__startswith: "Printer",
      id__ne: [one.id, two.id],
      category: ["open", "in_progress"],
      assignee_id__isnull: true,
      count: true,
    },
  },
});
assert(filtered.data);
assert.deepEqual(filtered.data.items.map((issue) => issue.id), [three.id]);
assert.equal(filtered.data.total, 1);
console.log("filtered by operators");

const asked = await api.POST("/issues", {
  body: { title: "A laptop", issue_type: "service_request", fields: { root_cause: "The lamp" } },
});
const ofCause = await api.GET("/issues", {
  params: { query: { custom_fields: { cf_root_cause: "The lamp" } } },
});
assert.deepEqual(ofCause.data?.items.map((issue) => issue.id), [asked.data?.id]);
console.log("filtered by a custom field");

const partial = await api.GET("/issues", {
  params: { query: { fields: ["id", "title"], sort: ["-title"], limit: 1 } },
});
assert.deepEqual(partial.data?.items, [{ id: three.id, title: "Printer 3" }]);
console.log("read some fields");

const path = { issue_id: one.id };
const whole = await api.GET("/issues/{issue_id}", {
  params: { path, query: { expand: ["status"] } },
});
assert.equal(whole.data?.status?.id, one.status_id);
console.log("read what is embedded");

const read = await api.GET("/issues/{issue_id}", { params: { path } });
const etag = read.response.headers.get("ETag");
assert(etag);
const same = await api.GET("/issues/{issue_id}", {
  params: { path, header: { "If-None-Match": etag } },
});
assert.equal(same.response.status, 304);
console.log("304");

const renamed = await api.PATCH("/issues/{issue_id}", {
  params: { path, header: { "If-Match": etag } },
  body: { title: "Printer in room 12" },
});
assert(renamed.data);
const stale = await api.PATCH("/issues/{issue_id}", {
  params: { path, header: { "If-Match": etag } },
  body: { title: "Lost" },
});
assert.equal(stale.error?.type, "/problems/stale");
assert.equal(stale.error.version, renamed.data.version);
console.log("412 of what had changed");

const steps = await api.GET("/issues/{issue_id}/transitions", { params: { path } });
const step = steps.data?.items[0];
assert(step?.id);
const body = { transition_id: step.id };
const moved = await api.POST("/issues/{issue_id}/transition", { params: { path }, body });
assert.equal(moved.data?.status_id, step.to_status_id);
const refused = await api.POST("/issues/{issue_id}/transition", { params: { path }, body });
assert.equal(refused.error?.type, "/problems/wrong-move");
assert(refused.error.allowed?.length);
console.log("409 of a step that is not open");

const unfit = await api.POST("/issues", { body: { title: "", issue_type: "incident" } });
assert.deepEqual(unfit.error?.errors?.map((error) => error.pointer), ["/title"]);
console.log("422 of a member");
