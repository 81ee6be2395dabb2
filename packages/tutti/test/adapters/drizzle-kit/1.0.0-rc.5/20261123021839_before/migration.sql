CREATE TABLE `playlist` (
	`id` integer PRIMARY KEY AUTOINCREMENT,
	`name` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tune` (
	`id` integer PRIMARY KEY,
	`title` text DEFAULT 'Gan Ainm; or none' NOT NULL,
	`playlist_ref` integer,
	CONSTRAINT `fk_tune_playlist_ref_playlist_id_fk` FOREIGN KEY (`playlist_ref`) REFERENCES `playlist`(`id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `playlist_name` ON `playlist` (`name`);