// A chat server on Socket.IO, for `node socketio.js PORT`. Everybody is in a room of their own, named by their id, so that a
// message to an id is between two; `join` makes rooms for more, and `announce` reaches everybody.
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const http = createServer();
const io = new Server(http);

io.on("connection", (socket) => {
  const tell = (room, event, what) => socket.to(room).emit(event, { ...what, room, from: socket.id });

  socket.on("join", (room, done) => {
    socket.join(room);
    tell(room, "joined");
    done?.({ room, members: io.sockets.adapter.rooms.get(room).size });
  });
  socket.on("leave", (room) => {
    tell(room, "left");
    socket.leave(room);
  });
  socket.on("say", ({ room, ...what }, done) => {
    tell(room, "said", what);
    done?.({ room });
  });
  socket.on("typing", (room) => tell(room, "typing"));
  socket.on("announce", (what) => io.emit("announced", { ...what, from: socket.id }));
  socket.on("disconnecting", () => socket.rooms.forEach((room) => tell(room, "left")));
});

http.listen(Number(process.argv[2]), "127.0.0.1");
