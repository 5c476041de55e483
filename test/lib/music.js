// The six tables of the music app, as its backend declares them: keys, and who else may be asked by an index.

const byUserId = (attribute) => ({ gsi: { byUserId: { keys: { [attribute]: "S" } } } });

export const musicTables = {
  UserTable: [{ id: "S" }],
  TrackTable: [{ id: "S" }, byUserId("uploadedBy")],
  PlaylistTable: [{ id: "S" }, byUserId("owner")],
  PlaylistTrackTable: [{ playlistId: "S", trackId: "S" }],
  FavouriteTable: [{ userId: "S", trackId: "S" }],
  PlaybackHistoryTable: [{ userId: "S", timestamp: "S" }],
};
