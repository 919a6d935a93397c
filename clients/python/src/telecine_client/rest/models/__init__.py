"""Contains all the data models used in inputs/outputs"""

from .caption_state import CaptionState
from .captions_view import CaptionsView
from .cue_view import CueView
from .delivery_error import DeliveryError
from .delivery_page import DeliveryPage
from .delivery_status import DeliveryStatus
from .delivery_view import DeliveryView
from .disabled_reason import DisabledReason
from .disabled_webhook_data import DisabledWebhookData
from .end_reason import EndReason
from .end_view import EndView
from .event_type import EventType
from .event_view import EventView
from .event_view_details import EventViewDetails
from .failure_code import FailureCode
from .failure_view import FailureView
from .follow_video_until_type_1 import FollowVideoUntilType1
from .follow_video_until_type_2_type_1 import FollowVideoUntilType2Type1
from .follow_video_until_type_3_type_1 import FollowVideoUntilType3Type1
from .highlight_view import HighlightView
from .job_kind import JobKind
from .job_list import JobList
from .job_state import JobState
from .job_view import JobView
from .kept_reason import KeptReason
from .last_hour_view import LastHourView
from .list_jobs_state import ListJobsState
from .list_videos_captions import ListVideosCaptions
from .list_videos_sort import ListVideosSort
from .list_videos_status_item import ListVideosStatusItem
from .list_webhook_deliveries_status import ListWebhookDeliveriesStatus
from .live_response import LiveResponse
from .me_response import MeResponse
from .media_kind import MediaKind
from .media_view import MediaView
from .minute_view import MinuteView
from .new_playback_token_response import NewPlaybackTokenResponse
from .options_response import OptionsResponse
from .original_policy import OriginalPolicy
from .original_view import OriginalView
from .overview_response import OverviewResponse
from .part_numbers_request import PartNumbersRequest
from .part_view import PartView
from .part_view_headers import PartViewHeaders
from .parts_response import PartsResponse
from .playback_response import PlaybackResponse
from .playback_token_list import PlaybackTokenList
from .playback_token_request import PlaybackTokenRequest
from .playback_token_view import PlaybackTokenView
from .poster_request import PosterRequest
from .presigned_upload_request import PresignedUploadRequest
from .presigned_upload_request_metadata_type_0 import (
    PresignedUploadRequestMetadataType0,
)
from .presigned_upload_response import PresignedUploadResponse
from .presigned_upload_response_headers import PresignedUploadResponseHeaders
from .presigned_upload_response_strategy import PresignedUploadResponseStrategy
from .problem import Problem
from .problem_code import ProblemCode
from .progress_view import ProgressView
from .proxied_upload_response import ProxiedUploadResponse
from .publication_kind import PublicationKind
from .queue_name import QueueName
from .queue_view import QueueView
from .ready_response import ReadyResponse
from .ready_response_checks import ReadyResponseChecks
from .ready_response_status import ReadyResponseStatus
from .redeliver_request import RedeliverRequest
from .redeliver_response import RedeliverResponse
from .regenerate_request import RegenerateRequest
from .reset_reason import ResetReason
from .reset_view import ResetView
from .sandbox_view import SandboxView
from .scope import Scope
from .search_response import SearchResponse
from .search_result import SearchResult
from .snapshot_view import SnapshotView
from .stage_name import StageName
from .stage_state import StageState
from .stage_view import StageView
from .status_response import StatusResponse
from .storage_view import StorageView
from .test_event_data import TestEventData
from .ticket_response import TicketResponse
from .transcript_origin import TranscriptOrigin
from .transcript_response import TranscriptResponse
from .upload_action import UploadAction
from .upload_complete_request import UploadCompleteRequest
from .upload_complete_response import UploadCompleteResponse
from .upload_progress_response import UploadProgressResponse
from .upload_progress_response_strategy import UploadProgressResponseStrategy
from .upload_strategy import UploadStrategy
from .upload_ticket_request import UploadTicketRequest
from .upload_ticket_response import UploadTicketResponse
from .upload_video_body import UploadVideoBody
from .upload_video_body_original import UploadVideoBodyOriginal
from .user_list import UserList
from .user_view import UserView
from .video_changes import VideoChanges
from .video_changes_metadata_type_0 import VideoChangesMetadataType0
from .video_counts_view import VideoCountsView
from .video_event_data import VideoEventData
from .video_page import VideoPage
from .video_response import VideoResponse
from .video_response_metadata import VideoResponseMetadata
from .video_status import VideoStatus
from .warning_code import WarningCode
from .warning_view import WarningView
from .webhook_changes import WebhookChanges
from .webhook_page import WebhookPage
from .webhook_request import WebhookRequest
from .webhook_response import WebhookResponse
from .webhook_with_secret import WebhookWithSecret
from .you_tube_import_request import YouTubeImportRequest
from .you_tube_import_request_metadata_type_0 import YouTubeImportRequestMetadataType0
from .you_tube_import_response import YouTubeImportResponse

__all__ = (
    "CaptionState",
    "CaptionsView",
    "CueView",
    "DeliveryError",
    "DeliveryPage",
    "DeliveryStatus",
    "DeliveryView",
    "DisabledReason",
    "DisabledWebhookData",
    "EndReason",
    "EndView",
    "EventType",
    "EventView",
    "EventViewDetails",
    "FailureCode",
    "FailureView",
    "FollowVideoUntilType1",
    "FollowVideoUntilType2Type1",
    "FollowVideoUntilType3Type1",
    "HighlightView",
    "JobKind",
    "JobList",
    "JobState",
    "JobView",
    "KeptReason",
    "LastHourView",
    "ListJobsState",
    "ListVideosCaptions",
    "ListVideosSort",
    "ListVideosStatusItem",
    "ListWebhookDeliveriesStatus",
    "LiveResponse",
    "MediaKind",
    "MediaView",
    "MeResponse",
    "MinuteView",
    "NewPlaybackTokenResponse",
    "OptionsResponse",
    "OriginalPolicy",
    "OriginalView",
    "OverviewResponse",
    "PartNumbersRequest",
    "PartsResponse",
    "PartView",
    "PartViewHeaders",
    "PlaybackResponse",
    "PlaybackTokenList",
    "PlaybackTokenRequest",
    "PlaybackTokenView",
    "PosterRequest",
    "PresignedUploadRequest",
    "PresignedUploadRequestMetadataType0",
    "PresignedUploadResponse",
    "PresignedUploadResponseHeaders",
    "PresignedUploadResponseStrategy",
    "Problem",
    "ProblemCode",
    "ProgressView",
    "ProxiedUploadResponse",
    "PublicationKind",
    "QueueName",
    "QueueView",
    "ReadyResponse",
    "ReadyResponseChecks",
    "ReadyResponseStatus",
    "RedeliverRequest",
    "RedeliverResponse",
    "RegenerateRequest",
    "ResetReason",
    "ResetView",
    "SandboxView",
    "Scope",
    "SearchResponse",
    "SearchResult",
    "SnapshotView",
    "StageName",
    "StageState",
    "StageView",
    "StatusResponse",
    "StorageView",
    "TestEventData",
    "TicketResponse",
    "TranscriptOrigin",
    "TranscriptResponse",
    "UploadAction",
    "UploadCompleteRequest",
    "UploadCompleteResponse",
    "UploadProgressResponse",
    "UploadProgressResponseStrategy",
    "UploadStrategy",
    "UploadTicketRequest",
    "UploadTicketResponse",
    "UploadVideoBody",
    "UploadVideoBodyOriginal",
    "UserList",
    "UserView",
    "VideoChanges",
    "VideoChangesMetadataType0",
    "VideoCountsView",
    "VideoEventData",
    "VideoPage",
    "VideoResponse",
    "VideoResponseMetadata",
    "VideoStatus",
    "WarningCode",
    "WarningView",
    "WebhookChanges",
    "WebhookPage",
    "WebhookRequest",
    "WebhookResponse",
    "WebhookWithSecret",
    "YouTubeImportRequest",
    "YouTubeImportRequestMetadataType0",
    "YouTubeImportResponse",
)
