// What `oidc-provider` keeps, in PostgreSQL: one table, one prepared statement for each of the adapter's calls.
import pg from 'pg';

const UPSERT = `
  INSERT INTO bench.kept (model, id, payload, uid, grant_id, expires_at)
  VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
  ON CONFLICT (model, id) DO UPDATE
  SET payload = excluded.payload, uid = excluded.uid, grant_id = excluded.grant_id, expires_at = excluded.expires_at`;
const FIND = 'SELECT payload FROM bench.kept WHERE model = $1 AND id = $2 AND expires_at > now()';
const FIND_BY_UID = 'SELECT payload FROM bench.kept WHERE model = $1 AND uid = $2 AND expires_at > now()';
const CONSUME = `
  UPDATE bench.kept SET payload = jsonb_set(payload, '{consumed}', to_jsonb(floor(extract(epoch FROM now()))))
  WHERE model = $1 AND id = $2`;
const DESTROY = 'DELETE FROM bench.kept WHERE model = $1 AND id = $2';
const REVOKE = 'DELETE FROM bench.kept WHERE model = $1 AND grant_id = $2';

// Returns what `oidc-provider` takes for its `adapter`: it is asked once for each model.
export function adapters(connectionString, connections) {
  const pool = new pg.Pool({ connectionString, max: connections });
  // Named, so that each connection prepares it once.
  const run = (name, text, values) => pool.query({ name, text, values });
  const found = async (name, text, values) => (await run(name, text, values)).rows[0]?.payload;
  return (model) => ({
    upsert: (id, payload, seconds) =>
      run('upsert', UPSERT, [model, id, JSON.stringify(payload), payload.uid ?? null, payload.grantId ?? null, seconds]),
    find: (id) => found('find', FIND, [model, id]),
    findByUid: (uid) => found('find-by-uid', FIND_BY_UID, [model, uid]),
    consume: (id) => run('consume', CONSUME, [model, id]),
    destroy: (id) => run('destroy', DESTROY, [model, id]),
    revokeByGrantId: (grantId) => run('revoke', REVOKE, [model, grantId]),
  });
}
