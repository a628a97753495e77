/*
 * A chat server that is no one's home ground: rooms over WebSockets, on libwebsockets, in one thread.
 *
 * It speaks the part of causerie's protocol (docs/protocol.md) that guests of a room need: hello, welcome, enter, entered,
 * company, alone, post, posted, leave, refused. There are no rules, no reports, no moderators; what a message says may be
 * letters, digits and spaces, so that it is passed on as it came. The one thing more is the room `*`: whoever enters it is put
 * into the first room that has a place, of so many each, and is sent the own messages too, which is what tools wait for.
 *
 * Its account says when each message was read and when each copy of it was written, in nanoseconds of CLOCK_MONOTONIC, one line
 * each, written before the copy is:
 *
 *     account 1 MONOTONIC REALTIME     both clocks at one instant
 *     enter CLIENT AT                  a guest is in a room
 *     leave CLIENT AT                  and no longer is
 *     post MESSAGE CLIENT AT TEXT      a message was read; the first 40 characters of it
 *     copy MESSAGE CLIENT AT           a copy is written to that client
 *     stall FROM TO                    the whole server stood still
 */

#include <libwebsockets.h>

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	MOST_FRAME = 2048,   /* bytes of a frame that is read */
	MOST_WAITING = 4096, /* frames that may wait for one client */
	MOST_NAME = 64,
	TOLD = 40, /* characters of a message in the account */
};

struct client;

/* A frame on its way to one client. */
struct frame {
	struct frame *next;
	uint64_t message; /* 0: not a message */
	size_t length;
	unsigned char bytes[]; /* LWS_PRE before the text */
};

struct room {
	struct room *next;
	char name[MOST_NAME];
	bool is_filled; /* one of those that `*` fills */
	struct client *guests;
	unsigned present;
};

/* A connection. libwebsockets keeps it, zeroed at first. */
struct client {
	struct lws *wsi;
	uint64_t number;
	bool has_greeted, is_refused;
	struct room *room;
	struct client *beside; /* the next guest of the room */
	struct frame *first, **last;
	unsigned waiting;
	size_t have;
	char input[MOST_FRAME];
};

/* What a frame of a client says. */
struct request {
	char type[16], room[MOST_NAME], speed[24], text[MOST_FRAME];
	bool is_bad;
};

static FILE *account;
static struct lws_context *context;
static struct room *rooms;
static uint64_t clients, messages;
static unsigned room_size = 4;
static long stall_secs, every_secs;
static lws_sorted_usec_list_t next_stall;
static volatile sig_atomic_t is_over;

static uint64_t nanos(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t monotonic(void)
{
	return nanos(CLOCK_MONOTONIC);
}

static void *reserve(size_t bytes)
{
	void *memory = calloc(1, bytes);

	if (!memory) {
		fputs("error: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

/* ---- Stalls -------------------------------------------------------------------------------------------------------- */

static void stall(lws_sorted_usec_list_t *timer)
{
	uint64_t from = monotonic();
	struct timespec left = { .tv_sec = stall_secs };

	lws_sul_schedule(context, 0, timer, stall, every_secs * LWS_US_PER_SEC);
	fprintf(account, "stall %" PRIu64 " %" PRIu64 "\n", from, from + (uint64_t)stall_secs * 1000000000u);
	while (!is_over && nanosleep(&left, &left) && errno == EINTR)
		;
}

/* ---- What is told ---------------------------------------------------------------------------------------------------- */

static void tell(struct client *to, uint64_t message, const char *text, int length)
{
	struct frame *frame = reserve(sizeof(*frame) + LWS_PRE + (size_t)length);

	frame->message = message;
	frame->length = (size_t)length;
	memcpy(frame->bytes + LWS_PRE, text, (size_t)length);
	*to->last = frame;
	to->last = &frame->next;
	to->waiting++;
	lws_callback_on_writable(to->wsi);
}

static void tell_text(struct client *to, const char *text)
{
	tell(to, 0, text, (int)strlen(text));
}

static void refuse(struct client *client, const char *why)
{
	char text[128];

	client->is_refused = true;
	tell(client, 0, text, snprintf(text, sizeof(text), "{\"type\":\"refused\",\"why\":\"%s\"}", why));
}

static void drop_first(struct client *client)
{
	struct frame *frame = client->first;

	client->first = frame->next;
	if (!client->first)
		client->last = &client->first;
	client->waiting--;
	free(frame);
}

/* Writes the first frame that waits; whether the connection goes on. */
static bool write_one(struct client *client)
{
	struct frame *frame = client->first;
	bool is_sound;

	if (!frame)
		return true;
	if (frame->message)
		fprintf(account, "copy %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", frame->message, client->number, monotonic());
	is_sound = lws_write(client->wsi, frame->bytes + LWS_PRE, frame->length, LWS_WRITE_TEXT) >= (int)frame->length;
	drop_first(client);
	if (client->first)
		lws_callback_on_writable(client->wsi);
	return is_sound && (client->first || !client->is_refused);
}

/* ---- Rooms ------------------------------------------------------------------------------------------------------------ */

static struct room *room_for(const char *name)
{
	bool is_filled = !strcmp(name, "*");
	struct room *room;

	for (room = rooms; room; room = room->next)
		if (room->is_filled == is_filled && (is_filled ? room->present < room_size : !strcmp(room->name, name)))
			return room;
	room = reserve(sizeof(*room));
	snprintf(room->name, sizeof(room->name), "%s", name);
	room->is_filled = is_filled;
	room->next = rooms;
	rooms = room;
	return room;
}

static void enter(struct client *client, const char *name)
{
	struct room *room = room_for(name);
	char text[64];

	if (room->present == 1)
		tell_text(room->guests, "{\"type\":\"company\"}");
	tell(client, 0, text, snprintf(text, sizeof(text), "{\"type\":\"entered\",\"others\":%u}", room->present));
	client->room = room;
	client->beside = room->guests;
	room->guests = client;
	room->present++;
	fprintf(account, "enter %" PRIu64 " %" PRIu64 "\n", client->number, monotonic());
	if (every_secs && !next_stall.list.owner)
		lws_sul_schedule(context, 0, &next_stall, stall, every_secs * LWS_US_PER_SEC);
}

static void leave(struct client *client)
{
	struct room *room = client->room;
	struct client **at;

	if (!room)
		return;
	for (at = &room->guests; *at != client; at = &(*at)->beside)
		;
	*at = client->beside;
	client->room = NULL;
	if (--room->present == 1)
		tell_text(room->guests, "{\"type\":\"alone\"}");
	fprintf(account, "leave %" PRIu64 " %" PRIu64 "\n", client->number, monotonic());
}

static void post(struct client *author, const char *text, uint64_t at)
{
	struct client *guest;
	char frame[MOST_FRAME + 64];
	int length;

	messages++;
	fprintf(account, "post %" PRIu64 " %" PRIu64 " %" PRIu64 " %.*s\n", messages, author->number, at, TOLD, text);
	length = snprintf(frame, sizeof(frame), "{\"type\":\"posted\",\"message\":%" PRIu64 ",\"text\":\"%s\"}", messages, text);
	for (guest = author->room->guests; guest; guest = guest->beside)
		if (guest != author || author->room->is_filled)
			tell(guest, messages, frame, length);
}

/* ---- What is asked ----------------------------------------------------------------------------------------------------- */

static const char *const KEYS[] = { "type", "room", "speed", "text" };

/* Appends what was read of a value to where it goes, as long as it fits and needs no escaping. */
static signed char note(struct lejp_ctx *reader, char reason)
{
	struct request *request = reader->user;
	char *places[] = { request->type, request->room, request->speed, request->text };
	size_t sizes[] = { sizeof(request->type), sizeof(request->room), sizeof(request->speed), sizeof(request->text) };
	char *place;
	size_t i, used;

	if (!(reason & LEJP_FLAG_CB_IS_VALUE) || !reader->path_match || reason == LEJPCB_VAL_STR_START)
		return 0;
	place = places[reader->path_match - 1];
	used = strlen(place);
	for (i = 0; i < reader->npos; i++)
		request->is_bad |= reader->buf[i] < ' ' || reader->buf[i] > '~' || strchr("\"\\", reader->buf[i]);
	if (used + reader->npos >= sizes[reader->path_match - 1])
		request->is_bad = true;
	else
		memcpy(place + used, reader->buf, reader->npos);
	return 0;
}

static void carry_out(struct client *client, const struct request *request, uint64_t at)
{
	char text[64];

	if (!strcmp(request->type, "hello") && !client->has_greeted) {
		client->has_greeted = true;
		tell(client, 0, text,
		     snprintf(text, sizeof(text), "{\"type\":\"welcome\",\"v\":1,\"speed\":%s}", request->speed[0] ? request->speed : "1"));
	} else if (!client->has_greeted) {
		refuse(client, "the first frame is hello");
	} else if (!strcmp(request->type, "enter") && !client->room && request->room[0]) {
		enter(client, request->room);
	} else if (!strcmp(request->type, "post") && client->room) {
		post(client, request->text, at);
	} else if (!strcmp(request->type, "leave") && client->room) {
		leave(client);
	} else {
		refuse(client, "that makes no sense here");
	}
}

/* Takes in a part of a frame; whether the connection goes on. */
static bool hear(struct client *client, const char *bytes, size_t length, uint64_t at)
{
	struct request request = { .is_bad = false };
	struct lejp_ctx reader;

	if (client->is_refused)
		return true;
	if (client->have + length > sizeof(client->input))
		return false;
	memcpy(client->input + client->have, bytes, length);
	client->have += length;
	if (!lws_is_final_fragment(client->wsi) || lws_remaining_packet_payload(client->wsi))
		return true;
	lejp_construct(&reader, note, &request, KEYS, LWS_ARRAY_SIZE(KEYS));
	if (lejp_parse(&reader, (unsigned char *)client->input, (int)client->have) < 0 || request.is_bad)
		refuse(client, "a frame that cannot be read");
	else
		carry_out(client, &request, at);
	lejp_destruct(&reader);
	client->have = 0;
	return client->waiting < MOST_WAITING;
}

static int serve(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct client *client = user;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		client->wsi = wsi;
		client->number = ++clients;
		client->last = &client->first;
		return 0;
	case LWS_CALLBACK_RECEIVE:
		return hear(client, in, length, monotonic()) ? 0 : -1;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return write_one(client) ? 0 : -1;
	case LWS_CALLBACK_CLOSED:
		leave(client);
		while (client->first)
			drop_first(client);
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, length);
	}
}

/* ---- Start and end ------------------------------------------------------------------------------------------------------- */

static void stop(int signal)
{
	(void)signal;
	is_over = 1;
	lws_cancel_service(context);
}

/* A whole number of [least, most], or the end. */
static long number(const char *option, const char *text, long least, long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end || end == text || value < least || value > most) {
		fprintf(stderr, "error: --%s %s: expected a whole number from %ld to %ld\n", option, text, least, most);
		exit(2);
	}
	return value;
}

static const struct option OPTIONS[] = {
	{ "port", required_argument, NULL, 'p' },  { "account", required_argument, NULL, 'a' },
	{ "room", required_argument, NULL, 'r' },  { "stall", required_argument, NULL, 's' },
	{ "every", required_argument, NULL, 'e' }, { NULL, 0, NULL, 0 },
};

static void usage(void)
{
	fputs("usage: server --port PORT --account FILE [--room GUESTS] [--stall SECONDS --every SECONDS]\n", stderr);
	exit(2);
}

static int read_options(int count, char **words, const char **path)
{
	int option, port = 0;

	while ((option = getopt_long(count, words, "", OPTIONS, NULL)) != -1)
		switch (option) {
		case 'p': port = (int)number("port", optarg, 1, 65535); break;
		case 'a': *path = optarg; break;
		case 'r': room_size = (unsigned)number("room", optarg, 1, 1000); break;
		case 's': stall_secs = number("stall", optarg, 1, 60); break;
		case 'e': every_secs = number("every", optarg, 2, 3600); break;
		default: usage();
		}
	if (!port || !*path || optind != count || !stall_secs != !every_secs || (every_secs && stall_secs >= every_secs))
		usage();
	return port;
}

int main(int count, char **words)
{
	static const struct lws_protocols protocols[] = {
		{ .name = "chat", .callback = serve, .per_session_data_size = sizeof(struct client), .rx_buffer_size = MOST_FRAME },
		{ .name = NULL },
	};
	struct lws_context_creation_info info = { .iface = "127.0.0.1", .protocols = protocols };
	struct sigaction on_end = { .sa_handler = stop };
	const char *path = NULL;

	info.port = read_options(count, words, &path);
	account = fopen(path, "w");
	if (!account) {
		fprintf(stderr, "error: %s: %s\n", path, strerror(errno));
		return 1;
	}
	setvbuf(account, NULL, _IOFBF, 1 << 20);
	fprintf(account, "account 1 %" PRIu64 " %" PRIu64 "\n", monotonic(), nanos(CLOCK_REALTIME));
	lws_set_log_level(LLL_ERR, NULL);
	context = lws_create_context(&info);
	if (!context)
		return 1;
	sigaction(SIGTERM, &on_end, NULL);
	sigaction(SIGINT, &on_end, NULL);
	while (!is_over && lws_service(context, 0) >= 0)
		;
	lws_context_destroy(context);
	return fclose(account) ? 1 : 0;
}
