// Health communities: the list, and the page of one.

import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { CheckField, TextField } from "../form";
import { useHouse, useMay, type PageProps } from "../house";
import { Empty, PageHead } from "../parts";
import type { Community, Organisation } from "../wire";
import { allCommunities, allOrganisations } from "./directory";
import { DraftForm, Group, toggled, useDraft, useFields } from "./editor";
import { AdminFrame, type Line, Loaded, SearchedLines } from "./frame";
import { useAdminWords } from "./i18n/words";
import { byName, nameIn } from "./people";
import { found, required } from "./rules";

export function CommunitiesPage() {
  const w = useAdminWords();
  const { api } = useHouse();
  const may = useMay("community.write");
  const asking = useAsked(() => allCommunities(api), []);
  const add = may && (
    <a class="ds-button" href="/admin/communities/new">
      <Icon name="plus" size="sm" />
      {w.community.new}
    </a>
  );
  return (
    <AdminFrame>
      <Loaded of={asking} title={w.community.list}>
        {(communities) => (
          <>
            <PageHead title={w.community.list} lead={w.community.text}>
              {communities.length > 0 && add}
            </PageHead>
            {communities.length === 0 ? (
              <Empty title={w.community.none} text={w.community.noneText}>
                {add}
              </Empty>
            ) : (
              <SearchedLines
                lines={byName(communities).map((c): Line => ({ key: c.id, href: `/admin/communities/${c.id}`, name: c.name, about: w.community.memberCount(c.members.length) }))}
                label={w.community.list}
                count={w.staff.hits}
              />
            )}
          </>
        )}
      </Loaded>
    </AdminFrame>
  );
}

export function CommunityPage({ params }: PageProps) {
  const w = useAdminWords();
  const { api } = useHouse();
  const id = params["id"] ?? "";
  const fresh: Community = { id: "", version: 0, name: "", members: [] };
  const asking = useAsked(async () => Promise.all([id === "new" ? fresh : api("GET /communities/{id}", { path: { id } }), allOrganisations(api)]), [id]);
  return (
    <AdminFrame>
      <Loaded of={asking} title={w.community.one} rows={6} back={{ href: "/admin/communities", text: w.community.list }}>
        {([community, organisations]) => <OneCommunity community={community} organisations={organisations} />}
      </Loaded>
    </AdminFrame>
  );
}

function OneCommunity(props: { readonly community: Community; readonly organisations: readonly Organisation[] }) {
  const w = useAdminWords();
  const { api, router } = useHouse();
  const { community, organisations } = props;
  const may = useMay("community.write");
  const name = nameIn(w, organisations);
  const draft = useDraft<Community>(() => ({
    fields: ["name", "members"],
    start: community,
    check: (c) => found(required("name", c.name)),
    send: ({ id, version, name: called, members }) =>
      id === "" ? api("POST /communities", { body: { name: called, members } }) : api("PUT /communities/{id}", { path: { id }, version, body: { name: called, members } }),
    fetch: () => api("GET /communities/{id}", { path: { id: community.id } }),
  }));
  const fields = useFields(draft);
  const labels: Partial<Record<keyof Community, string>> = { name: w.community.name, members: w.community.members };
  return (
    <>
      <PageHead title={community.id === "" ? w.community.new : community.name} back={{ href: "/admin/communities", text: w.community.list }} />
      <DraftForm
        draft={draft}
        label={(field) => labels[field] ?? field}
        say={(field, c) => (field === "members" ? c.members.map(name).join(", ") : String(c[field]))}
        onSaved={(stored) => community.id === "" && router.go(`/admin/communities/${stored.id}`, "replace")}
        may={may}
      >
        <div class="sk-part">
          <TextField {...fields.text("name")} label={w.community.name} autoComplete="off" maxLength={120} testid="name" />
          <Group legend={w.community.members}>
            {byName(organisations.filter((o) => o.active || fields.value.members.includes(o.id))).map((o) => (
              <CheckField
                key={o.id}
                {...fields.at(`members.${o.id}`, fields.value.members.includes(o.id), (on: boolean) => fields.set({ members: toggled(fields.value.members, o.id, on) }))}
                label={o.name}
              />
            ))}
          </Group>
        </div>
      </DraftForm>
    </>
  );
}
