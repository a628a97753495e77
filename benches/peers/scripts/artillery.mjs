// What Artillery's guest does beyond sending: hears every message and measures it from the stamp that it carries.
const EVERY_MS = Number(process.env.EVERY) * 1000;
let guests = 0;

export function listen(context, events, done) {
  guests += 1;
  context.vars.guest = guests;
  context.vars.posts = 0;
  context.heard = new Map();
  context.ws.on('message', (data) => {
    const frame = JSON.parse(data);
    if (frame.type === 'posted') {
      events.emit('histogram', 'message_latency', Date.now() - Number(frame.text.split(' ')[1]) / 1000);
    } else {
      context.heard.get(frame.type)?.();
    }
  });
  done();
}

export function welcomed(context, events, done) {
  context.heard.set('welcome', done);
}

export function entered(context, events, done) {
  context.heard.set('entered', () => {
    context.vars.entered = Date.now();
    context.heard.clear();
    done();
  });
}

export function write(context, events, done) {
  const { vars } = context;
  vars.posts += 1;
  const due = vars.entered + vars.posts * EVERY_MS;
  const text = `${due * 1000} ${Date.now() * 1000} ${vars.guest} `.padEnd(99, 'x');
  vars.post = JSON.stringify({ type: 'post', text });
  done();
}
