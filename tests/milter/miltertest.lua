-- Debian's miltertest drives every verdict. Run by the tests: miltertest -D address=inet:PORT@127.0.0.1 -s miltertest.lua

function must(condition, what)
  if not condition then
    mt.echo("failed: " .. what)
    error(what)
  end
end

-- (miltertest itself sets the space after a field's colon, and takes it off fields we add.)

-- One connection, negotiated as Postfix and Sendmail offer.
function connected()
  local conn = mt.connect(address)
  must(conn, "connect")
  must(mt.negotiate(conn, 6, 0x1FF, 0x1FFFFF) == nil, "negotiate")
  must(mt.test_action(conn, SMFIF_ADDHDRS) and mt.test_action(conn, SMFIF_CHGHDRS), "needs to edit fields")
  must(not mt.test_action(conn, SMFIF_CHGBODY), "asks for no more than it needs")
  must(mt.conninfo(conn, "client.example", "192.0.2.1") == nil, "conninfo")
  must(mt.helo(conn, "client.example") == nil, "helo")
  return conn
end

function message(conn, subject, fields)
  mt.macro(conn, SMFIC_MAIL, "i", "4jX6test", "{auth_authen}", "login")
  must(mt.mailfrom(conn, "<a@b.example>", "SIZE=300") == nil, "mailfrom")
  must(mt.rcptto(conn, "<c@d.example>", "NOTIFY=NEVER") == nil, "rcptto")
  must(mt.data(conn) == nil, "data")
  must(mt.getreply(conn) == SMFIR_CONTINUE, "DATA is answered over TCP")
  must(mt.header(conn, "From", "a@b.example") == nil, "header")
  for _, field in ipairs(fields or {}) do
    must(mt.header(conn, field[1], field[2]) == nil, "header")
  end
  must(mt.header(conn, "Subject", subject) == nil, "header")
  must(mt.eoh(conn) == nil, "eoh")
  must(mt.bodystring(conn, "bonjour\r\n") == nil, "bodystring")
  must(mt.eom(conn) == nil, "eom")
  return mt.getreply(conn)
end

local conn = connected()
must(message(conn, "Accept") == SMFIR_CONTINUE, "accept")
must(not mt.eom_check(conn, MT_HDRADD), "an accept adds nothing")

conn = connected()
must(message(conn, "Mark", { { "X-Vaguemestre", "forged" } }) == SMFIR_CONTINUE, "accept with a mark")
must(mt.eom_check(conn, MT_HDRADD, "X-Vaguemestre", "accept"), "the mark")
must(mt.eom_check(conn, MT_HDRDELETE, "X-Vaguemestre"), "the forged field goes")

conn = connected()
must(message(conn, "Reject Refuse 100% net") == SMFIR_REPLYCODE, "reject")
must(mt.eom_check(conn, MT_SMTPREPLY, "550", "5.7.1", "Refuse 100%% net"), "the text of a refusal")

conn = connected()
must(message(conn, "Discard") == SMFIR_DISCARD, "discard")

conn = connected()
must(message(conn, "Tempfail plus tard") == SMFIR_REPLYCODE, "tempfail")
must(mt.eom_check(conn, MT_SMTPREPLY, "451", "4.7.1", "plus tard"), "the text of a tempfail")

-- Several messages on one connection, an abort among them.
conn = connected()
must(message(conn, "Discard") == SMFIR_DISCARD, "the first of three")
mt.abort(conn)
must(mt.mailfrom(conn, "<lost@b.example>") == nil, "mailfrom")
mt.abort(conn)
must(message(conn, "Reject non") == SMFIR_REPLYCODE, "the last of three")
must(mt.disconnect(conn) == nil, "disconnect")
mt.echo("every verdict was heard")
