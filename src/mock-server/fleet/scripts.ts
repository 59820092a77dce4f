import { createHash } from 'node:crypto';

/** What Redis does in one atomic step. All scripts take the same keys, in the order of KEY_NAMES. */
export interface Script {
  readonly text: string;
  /** The digest that `EVALSHA` takes. */
  readonly sha: string;
}

/** What is kept in Redis, each behind the prefix of the fleet. */
export const KEY_NAMES = [
  'meta',
  'said',
  'changed',
  'counts',
  'used',
  'places',
  'waiting',
  'members',
] as const;

/** Without a heartbeat for this long, nothing is left of a fleet. */
const KEPT_S = 3600;
/** An empty Redis that has been up for less may have been restarted under its replicas. */
const YOUNG_S = 5;
/** The counts of connections and calls that are remembered; those that were used least recently are forgotten first. */
const MOST_COUNTS = 20_000;
/** The sessions whose place is remembered, and some more; each replica knows its own. */
const MOST_PLACES = 100_000;
/** The sessions that no one has asked for yet, and some more. */
const MOST_WAITING = 1000;
/** Changes that are remembered one by one; a replica that is further behind reads everything. */
const MOST_CHANGED = 30_000;
/** How many are forgotten at once: a command for each session would make each upgrade longer. */
const FORGOTTEN_AT_ONCE = 100;

const KEYS_AND_TIME = `
local META, SAID, CHANGED, COUNTS, USED, PLACES, WAITING, MEMBERS = unpack(KEYS)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

const NUM = `
local function num(name) return tonumber(redis.call('HGET', META, name) or '0') end
`;

const STRANGE = `
-- Whether it is still the fleet that the caller knows, and whether the caller still waits for the answer.
local version
local function strange(fleet, deadline)
  local epoch, birth, awaited, settled
  epoch, birth, awaited, settled, version = unpack(redis.call('HMGET', META, 'epoch', 'birth', 'awaited', 'settled', 'version'))
  if not epoch then return {'empty'} end
  if fleet ~= epoch .. ' ' .. (birth or '') then return {epoch == string.match(fleet, '^%S+') and 'empty' or 'other'} end
  if deadline ~= '' and now > tonumber(deadline) then return {'late'} end
  if awaited and tonumber(awaited) > 0 and now < tonumber(settled) then return {'settling'} end
end
`;

const REDIS = `
-- What Redis says of itself; nothing where it may not be asked.
local function told(section, name)
  local info = redis.pcall('INFO', section)
  return type(info) == 'string' and string.match(info, name .. ':([^\\r\\n]+)') or nil
end
-- One start of one Redis: after another one, or in a replica that has taken its place, what is there may be older.
local function run() return told('server', 'run_id') or '' end
`;

const PUT = `
local function put(version, field, value)
  if value then redis.call('HSET', SAID, field, value) else redis.call('HDEL', SAID, field) end
  redis.call('ZADD', CHANGED, version, field)
end
`;

const COUNT_ONE = `
local function count(key)
  local before = redis.call('HINCRBY', COUNTS, key, 1) - 1
  redis.call('ZADD', USED, redis.call('HINCRBY', META, 'use', 1), key)
  if redis.call('ZCARD', USED) > ${MOST_COUNTS} then
    redis.call('HDEL', COUNTS, redis.call('ZPOPMIN', USED)[1])
  end
  return before
end
`;

const PLACE = `
-- Numbers are given once, so that there is nothing to replace.
local function place(number, name, mark)
  redis.call('HSET', PLACES, number, name)
  if mark then redis.call('ZADD', WAITING, number, number .. ' ' .. name .. ' ' .. mark) end
end
-- The oldest go.
local function forget(number)
  local gone = {}
  for i = 1, ${FORGOTTEN_AT_ONCE} do gone[i] = number - ${MOST_PLACES} - i end
  redis.call('HDEL', PLACES, unpack(gone))
  redis.call('ZREMRANGEBYRANK', WAITING, 0, ${-MOST_WAITING - 1})
end
`;

/** A script contains only what it uses, because Redis defines all of it again for each call. */
function script(body: string): Script {
  const text = `${KEYS_AND_TIME}${body}`;
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/**
 * Enters a fleet, or begins one if no replica of an earlier one is left. If some may be left that have not reached this
 * Redis yet, because it was away, the caller has to wait for them first.
 */
export const JOIN = script(`${REDIS}
local epoch, birth, secret, config, address, deadMs, isSure, oldest = unpack(ARGV)
local release = told('server', 'redis_version')
if release and (tonumber(string.match(release, '^%d+')) or 0) < tonumber(oldest) then return {'old', release} end
local policy = told('memory', 'maxmemory_policy') or 'noeviction'
if policy ~= 'noeviction' and told('memory', 'maxmemory') ~= '0' then return {'evicts', policy} end
local function isYoung()
  local up = told('server', 'uptime_in_seconds')
  return up and tonumber(up) < ${YOUNG_S}
end
local members = redis.call('HGETALL', MEMBERS)
local isAlive = false
for i = 2, #members, 2 do
  if now - tonumber(string.match(members[i], '^(%d+)')) < tonumber(deadMs) then isAlive = true end
end
if not isAlive or redis.call('HGET', META, 'run') ~= run() then
  if isSure == '0' and (#members > 0 or isYoung()) then return {'wait'} end
  redis.call('DEL', unpack(KEYS))
  redis.call('HSET', META, 'epoch', epoch, 'birth', birth, 'secret', secret, 'config', config, 'origin', now, 'version', 1)
  redis.call('HSET', META, 'run', run())
end
local known = redis.call('HGET', META, 'config')
if known ~= config then return {'config', known} end
local ordinal = redis.call('HINCRBY', META, 'ordinal', 1)
redis.call('HSET', MEMBERS, 'r' .. ordinal, string.format('%.0f', now) .. ' ' .. address)
local meta = redis.call('HMGET', META, 'epoch', 'birth', 'secret', 'origin')
return {'ok', meta[1], meta[2], meta[3], meta[4], ordinal, now}
`);

/** Records that a replica is there, and answers with the others and what is new. */
export const BEAT = script(`${NUM}${STRANGE}${REDIS}${PUT}
local fleet, name, address, isNew = unpack(ARGV)
local isStrange = strange(fleet, '')
if isStrange and isStrange[1] ~= 'settling' then return isStrange end
if isNew == '1' and redis.call('HGET', META, 'run') ~= run() then return {'empty'} end
redis.call('HSET', MEMBERS, name, string.format('%.0f', now) .. ' ' .. address)
if redis.call('HEXISTS', SAID, 'l:' .. name) == 1 then
  put(redis.call('HINCRBY', META, 'version', 1), 'l:' .. name, false)
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ${KEPT_S}) end
local answer = {'ok', now, num('version'), num('counter'), isStrange and 1 or 0}
local members = redis.call('HGETALL', MEMBERS)
for i = 1, #members, 2 do
  local at, where = string.match(members[i + 1], '^(%d+) (.*)$')
  answer[#answer + 1] = members[i]
  answer[#answer + 1] = where
  answer[#answer + 1] = now - tonumber(at)
end
return answer
`);

/** Writes a change, unless there is one that the caller does not know yet. */
export const SAY = script(`${STRANGE}${PUT}
local fleet, deadline, known, parts, restarted = unpack(ARGV)
local isStrange = strange(fleet, deadline)
if isStrange then return isStrange end
if known ~= version then return {'stale'} end
local v = redis.call('HINCRBY', META, 'version', 1)
local function drop(prefix)
  for _, field in ipairs(redis.call('HKEYS', SAID)) do
    if string.sub(field, 1, #prefix) == prefix then put(v, field, false) end
  end
end
local function forgetCounts(test)
  for _, key in ipairs(redis.call('HKEYS', COUNTS)) do
    if test(key) then redis.call('HDEL', COUNTS, key); redis.call('ZREM', USED, key) end
  end
end
local isReset = {}
for part in string.gmatch(parts, '[^,]+') do
  isReset[part] = true
  redis.call('HSET', META, 'reset ' .. part, v)
end
local function isAttempt(key) return string.sub(key, 1, 2) == 'a/' end
local function isCall(key) return string.sub(key, 1, 2) == 'c/' end
if isReset.sessions then redis.call('DEL', WAITING) end
if isReset.journal then drop('l:') end
if isReset.assignments then drop('a:'); forgetCounts(isAttempt) end
if isReset.scenarios then drop('p:'); put(v, 'd', false); forgetCounts(isAttempt) end
if isReset.service then drop('s'); drop('o:'); drop('m'); forgetCounts(isCall) end
for name in string.gmatch(restarted, '[^,]+') do
  if name == '*' then
    redis.call('DEL', COUNTS, USED)
    drop('o:')
  else
    forgetCounts(function(key) return string.match(key, '^%a/[^/]*/([^/]*)/') == name end)
  end
end
for i = 6, #ARGV, 2 do
  local value = ARGV[i + 1]
  if string.sub(value, 1, 1) == '=' then put(v, ARGV[i], string.sub(value, 2)) else put(v, ARGV[i], false) end
end
if redis.call('ZCARD', CHANGED) > ${MOST_CHANGED} then
  local gone = redis.call('ZPOPMIN', CHANGED, ${MOST_CHANGED / 3})
  redis.call('HSET', META, 'trimmed', gone[#gone])
end
return {'ok', v}
`);

/** What has changed since a version, and what was reset. */
export const DELTA = script(`${NUM}${STRANGE}
local fleet, from = unpack(ARGV)
local isStrange = strange(fleet, '')
if isStrange then return isStrange end
local isWhole = tonumber(from) < num('trimmed') or from == '0'
local answer = {'ok', tonumber(version), isWhole and 1 or 0}
for _, part in ipairs({'sessions', 'journal', 'assignments', 'scenarios', 'service', 'usage'}) do answer[#answer + 1] = num('reset ' .. part) end
local fields = isWhole and redis.call('HKEYS', SAID) or redis.call('ZRANGEBYSCORE', CHANGED, '(' .. from, '+inf')
for _, field in ipairs(fields) do
  local value = redis.call('HGET', SAID, field)
  answer[#answer + 1] = field
  answer[#answer + 1] = value and ('=' .. value) or '-'
end
return answer
`);

/** Numbers a session and counts an attempt, unless there is a change that the caller does not know yet. */
export const OPEN = script(`${STRANGE}${COUNT_ONE}${PLACE}
local fleet, deadline, known, name, wantsNumber, mark, key = unpack(ARGV)
local isStrange = strange(fleet, deadline)
if isStrange then return isStrange end
if known ~= '' and known ~= version then return {'stale'} end
local attempt = key == '' and 0 or count(key)
local number = 0
if wantsNumber == '1' then
  number = redis.call('HINCRBY', META, 'counter', 1)
  redis.call('HINCRBY', META, 'opened ' .. name, 1)
  place(number, name, mark)
  if number % ${FORGOTTEN_AT_ONCE} == 0 then forget(number) end
end
return {'ok', number, attempt}
`);

/** Takes back the number of a session that was never opened. */
export const DISCARD = script(`${STRANGE}
local fleet, name, number = unpack(ARGV)
local isStrange = strange(fleet, '')
if isStrange then return isStrange end
redis.call('HDEL', PLACES, number)
redis.call('ZREMRANGEBYSCORE', WAITING, number, number)
redis.call('HINCRBY', META, 'opened ' .. name, -1)
return {'ok'}
`);

/** Counts a call of a REST API. */
export const COUNT = script(`${STRANGE}${COUNT_ONE}
local fleet, deadline, key = unpack(ARGV)
local isStrange = strange(fleet, deadline)
if isStrange then return isStrange end
return {'ok', count(key)}
`);

/** Hands out the oldest session that has not been handed out; with a mark, only one of that client. */
export const CLAIM = script(`${STRANGE}
local fleet, deadline, mark = unpack(ARGV)
local isStrange = strange(fleet, deadline)
if isStrange then return isStrange end
for _, each in ipairs(redis.call('ZRANGE', WAITING, 0, -1)) do
  local number, name, own = string.match(each, '^(%d+) (%S+) (%S*)$')
  if mark == '' or mark == own then
    redis.call('ZREM', WAITING, each)
    return {'ok', tonumber(number), name}
  end
end
return {'ok'}
`);

/** Which replica has a session. */
export const FIND = script(`${NUM}${STRANGE}
local fleet, number = unpack(ARGV)
local isStrange = strange(fleet, '')
if isStrange then return isStrange end
return {'ok', redis.call('HGET', PLACES, number) or '', num('counter')}
`);

/** Takes note that a replica is gone, and with it the sessions that it had. */
export const LOSE = script(`${NUM}${STRANGE}${PUT}
local fleet, name, loss = unpack(ARGV)
local isStrange = strange(fleet, '')
if isStrange and isStrange[1] ~= 'settling' then return isStrange end
if redis.call('HDEL', MEMBERS, name) == 0 then return {'ok', 0} end
if num('opened ' .. name) > 0 then put(redis.call('HINCRBY', META, 'version', 1), 'l:' .. name, loss) end
return {'ok', 1}
`);

/**
 * Restores what was lost by a Redis that was emptied, or came back with an earlier state, from what each replica knows:
 * changes from the one that knew most, counts and numbers from all of them. Until all have been heard, or time is up,
 * nothing else is answered.
 */
export const RESTORE = script(`${NUM}${REDIS}${PUT}${PLACE}
local fleet, name, address, given = unpack(ARGV)
local all = cjson.decode(given)
local own = string.match(fleet, '^(%S+)')
local epoch = redis.call('HGET', META, 'epoch')
if epoch and epoch ~= own then return {'other'} end
local function lifeOf(birth) return tonumber(string.match(birth or '', '%.(%d+)') or '-1') end
if lifeOf(redis.call('HGET', META, 'birth')) < lifeOf(all.birth) then
  redis.call('DEL', unpack(KEYS))
  redis.call('HSET', META, 'epoch', own, 'birth', all.birth, 'secret', all.secret, 'config', all.config)
  redis.call('HSET', META, 'origin', all.origin, 'version', 0, 'counter', all.counter, 'ordinal', all.ordinal)
  redis.call('HSET', META, 'run', run(), 'settled', now + all.settleMs, 'awaited', #all.others)
  for _, other in ipairs(all.others) do redis.call('HSET', META, 'await ' .. other, 1) end
end
if redis.call('HDEL', META, 'await ' .. name) == 1 then redis.call('HINCRBY', META, 'awaited', -1) end
if all.version > num('version') then
  redis.call('DEL', SAID, CHANGED)
  redis.call('HSET', META, 'version', all.version)
  for field, value in pairs(all.said) do put(all.version, field, value) end
  for part, version in pairs(all.resets) do redis.call('HSET', META, 'reset ' .. part, version) end
end
if all.counter > num('counter') then redis.call('HSET', META, 'counter', all.counter) end
if all.ordinal > num('ordinal') then redis.call('HSET', META, 'ordinal', all.ordinal) end
redis.call('HSET', META, 'opened ' .. name, all.opened)
redis.call('HSET', MEMBERS, name, string.format('%.0f', now) .. ' ' .. address)
for key, value in pairs(all.counts) do
  if value > tonumber(redis.call('HGET', COUNTS, key) or '0') then
    redis.call('HSET', COUNTS, key, value)
    redis.call('ZADD', USED, redis.call('HINCRBY', META, 'use', 1), key)
  end
end
for _, number in ipairs(all.sessions) do place(number, name) end
for _, each in ipairs(all.waiting) do place(each[1], name, each[2]) end
return {'ok', redis.call('HGET', META, 'birth')}
`);
