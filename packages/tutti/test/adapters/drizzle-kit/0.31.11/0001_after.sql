PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_playlist` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text,
	CONSTRAINT "named" CHECK("__new_playlist"."name" <> '')
);
--> statement-breakpoint
INSERT INTO `__new_playlist`("id", "name") SELECT "id", "name" FROM `playlist`;--> statement-breakpoint
DROP TABLE `playlist`;--> statement-breakpoint
ALTER TABLE `__new_playlist` RENAME TO `playlist`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `playlist_name` ON `playlist` (`name`);--> statement-breakpoint
ALTER TABLE `tune` ADD `mode` text DEFAULT 'Major' NOT NULL;